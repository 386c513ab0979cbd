// The functions of cical.h over libical 3. They keep nothing between calls but what the iterator holds.

#include "cical.h"

#include <libical/ical.h>
#include <stdlib.h>

void cical_start(void) { icalerror_set_errors_are_fatal(0); }

cical_days_result cical_days_new(const char *rule, cical_day start, cical_days **days) {
    *days = NULL;
    struct icalrecurrencetype recurrence = icalrecurrencetype_from_string(rule);
    if (recurrence.freq == ICAL_NO_RECURRENCE) return cical_days_bad_rule;
    // The iterator would keep the pointer without owning it.
    if (recurrence.rscale) {
        free(recurrence.rscale);
        return cical_days_bad_rule;
    }
    // Not icaltime_null_date(), which leaves the hour at -1.
    struct icaltimetype first = icaltime_null_time();
    first.is_date = 1;
    first.year = start.year;
    first.month = start.month;
    first.day = start.day;
    *days = icalrecur_iterator_new(recurrence, first);
    return *days ? cical_days_open : cical_days_none;
}

int cical_days_next(cical_days *days, cical_day *next) {
    struct icaltimetype time = icalrecur_iterator_next(days);
    if (icaltime_is_null_time(time)) return 0;
    next->year = time.year;
    next->month = time.month;
    next->day = time.day;
    return 1;
}

void cical_days_free(cical_days *days) {
    if (days) icalrecur_iterator_free(days);
}
