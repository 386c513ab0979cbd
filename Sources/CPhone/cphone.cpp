// The function of cphone.h over libphonenumber 8. Nothing that the library throws leaves this file.

#include "cphone.h"

#include <cstring>
#include <list>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

template <size_t size>
void copy(char (&target)[size], const std::string &text) {
    if (text.size() < size) std::memcpy(target, text.c_str(), text.size() + 1);
}

cphone_result result(PhoneNumberUtil::ErrorType error) {
    return error == PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR ? cphone_no_country : cphone_not_a_number;
}

cphone_result read(const std::string &text, const std::string &region, cphone_number *number) {
    const PhoneNumberUtil &library = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    const auto error = library.Parse(text, region, &parsed);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) return result(error);

    std::string e164;
    library.Format(parsed, PhoneNumberUtil::E164, &e164);
    copy(number->e164, e164);
    copy(number->extension, parsed.extension());

    // Where several countries share a calling code, finding the number's own settles that it is valid too.
    std::list<std::string> regions;
    library.GetRegionCodesForCountryCallingCode(parsed.country_code(), &regions);
    std::string own;
    if (regions.size() == 1) {
        own = regions.front();
        if (!library.IsValidNumberForRegion(parsed, own)) own.clear();
    } else {
        library.GetRegionCodeForNumber(parsed, &own);
    }
    if (own.empty() || own == "ZZ") return cphone_invalid;
    // "001" stands for the whole world.
    if (own.size() == 2) copy(number->region, own);
    number->kind = static_cast<cphone_kind>(library.GetNumberType(parsed));
    return cphone_valid;
}

}  // namespace

cphone_result cphone_read(const char *text, size_t length, const char *region, cphone_number *number) {
    std::memset(number, 0, sizeof *number);
    number->kind = cphone_unknown;
    try {
        return read(std::string(text, length), *region ? region : "ZZ", number);
    } catch (...) {
        return cphone_not_a_number;
    }
}
