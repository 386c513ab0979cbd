// The days of a recurrence rule, as libical works them out: all that is asked of it. Files are read in Swift, so that no
// byte of theirs reaches C but as a rule that was checked and written anew. Used by LeadCalendar alone.
#ifndef CICAL_H
#define CICAL_H

/// A day of the Gregorian calendar.
typedef struct {
    int year;
    int month;
    int day;
} cical_day;

/// What came of a rule.
typedef enum {
    cical_days_open,
    /// The rule can't be read.
    cical_days_bad_rule,
    /// The rule never names a day (30 February), or memory is short.
    cical_days_none,
} cical_days_result;

/// The days of a rule, in order.
typedef struct icalrecur_iterator_impl cical_days;

/// Tells libical to report errors and not to end the process; once, before all else.
void cical_start(void);

/// Begins the days of `rule`, which has no part of a day, COUNT, UNTIL or RSCALE, at `start` (1583 to 2582).
cical_days_result cical_days_new(const char *rule, cical_day start, cical_days **days);

/// The next day; 0 when there is none before the year 2583.
int cical_days_next(cical_days *days, cical_day *next);

/// Frees what `cical_days_new` opened.
void cical_days_free(cical_days *days);

#endif
