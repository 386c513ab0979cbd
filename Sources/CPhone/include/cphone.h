// Phone numbers as libphonenumber reads them: all that is asked of it, behind a C interface, since the library is C++.
// Needs Debian's libphonenumber-dev to build and libphonenumber8 to run. Used by LeadEnrichment alone.
#ifndef CPHONE_H
#define CPHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What came of a text.
typedef enum {
    /// A number that somebody can have.
    cphone_valid,
    /// A number by its form, but of no range that is given out.
    cphone_invalid,
    /// A national number, and no country is known.
    cphone_no_country,
    /// No number at all.
    cphone_not_a_number,
} cphone_result;

/// What a number is for; the order is libphonenumber's.
typedef enum {
    cphone_fixed,
    cphone_mobile,
    cphone_fixed_or_mobile,
    cphone_toll_free,
    cphone_premium,
    cphone_shared_cost,
    cphone_voip,
    cphone_personal,
    cphone_pager,
    cphone_company,
    cphone_voicemail,
    cphone_unknown,
} cphone_kind;

/// A number; texts end with 0 and are empty where nothing is known.
typedef struct {
    /// By E.164: `+13125550100`.
    char e164[24];
    char extension[16];
    /// ISO 3166-1 alpha-2; empty for numbers of no country (`+800`).
    char region[4];
    cphone_kind kind;
} cphone_number;

/// Reads the `length` bytes of UTF-8 at `text`; a national number is one of `region`, two letters, or of none when empty.
/// May be called from any thread.
cphone_result cphone_read(const char *text, size_t length, const char *region, cphone_number *number);

/// Some of a plan's numbers, without their country's code: those of a pattern, of a regular expression's syntax, and of one
/// of the lengths that have their bits. No number has an empty pattern.
typedef struct {
    const char *pattern;
    uint32_t lengths;
} cphone_range;

/// How the numbers of a region are made up; texts are empty where nothing is so.
typedef struct {
    /// ISO 3166-1 alpha-2; "001" for numbers of no country.
    const char *region;
    int32_t calling_code;
    /// Whether it comes first of the regions that share the calling code.
    bool is_main;
    /// Patterns: what is dialled before numbers abroad and, within the country, before those of another place.
    const char *international_prefix, *national_prefix;
    /// A pattern of how all of the region's numbers begin, which tells them from others of the calling code.
    const char *leading_digits;
    /// All numbers.
    cphone_range general;
    /// Whether every number of a fixed line may be a mobile one.
    bool is_fixed_or_mobile;
    /// Those of each kind, by its number; none of `cphone_fixed_or_mobile`.
    cphone_range kinds[cphone_unknown];
} cphone_plan;

/// Gives all plans, one after the other, to `take` with `context`; none when the library's can't be read. A plan is gone
/// when `take` returns.
void cphone_plans(void (*take)(const cphone_plan *plan, void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif
