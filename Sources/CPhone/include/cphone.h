// Phone numbers as libphonenumber reads them: all that is asked of it, behind a C interface, since the library is C++.
// Needs Debian's libphonenumber-dev to build and libphonenumber8 to run. Used by LeadEnrichment alone.
#ifndef CPHONE_H
#define CPHONE_H

#include <stddef.h>

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

#ifdef __cplusplus
}
#endif

#endif
