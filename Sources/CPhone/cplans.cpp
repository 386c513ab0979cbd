// The numbering plans that libphonenumber has inside, for who wants to match many numbers faster than it does. It has no
// function for them: they are read as it reads them itself, by two functions that the library exports and no header
// declares. Should a later one lack them, the program doesn't link.

#include "cphone.h"

#include <phonenumbers/phonemetadata.pb.h>

namespace i18n {
namespace phonenumbers {
int metadata_size();
const void *metadata_get();
}  // namespace phonenumbers
}  // namespace i18n

using i18n::phonenumbers::PhoneMetadata;
using i18n::phonenumbers::PhoneMetadataCollection;
using i18n::phonenumbers::PhoneNumberDesc;

namespace {

cphone_range range(const PhoneNumberDesc &description) {
    cphone_range range = {description.national_number_pattern().c_str(), 0};
    for (const int length : description.possible_length()) {
        if (length >= 0 && length < 32) range.lengths |= 1u << length;
    }
    if (description.possible_length_size() == 0) range.lengths = ~0u;
    return range;
}

cphone_plan plan(const PhoneMetadata &metadata) {
    cphone_plan plan = {};
    plan.region = metadata.id().c_str();
    plan.calling_code = metadata.country_code();
    plan.is_main = metadata.main_country_for_code();
    plan.international_prefix = metadata.international_prefix().c_str();
    plan.national_prefix = metadata.national_prefix_for_parsing().c_str();
    plan.leading_digits = metadata.leading_digits().c_str();
    plan.is_fixed_or_mobile = metadata.same_mobile_and_fixed_line_pattern();
    plan.general = range(metadata.general_desc());
    plan.kinds[cphone_fixed] = range(metadata.fixed_line());
    plan.kinds[cphone_mobile] = range(metadata.mobile());
    plan.kinds[cphone_fixed_or_mobile] = {"", 0};
    plan.kinds[cphone_toll_free] = range(metadata.toll_free());
    plan.kinds[cphone_premium] = range(metadata.premium_rate());
    plan.kinds[cphone_shared_cost] = range(metadata.shared_cost());
    plan.kinds[cphone_voip] = range(metadata.voip());
    plan.kinds[cphone_personal] = range(metadata.personal_number());
    plan.kinds[cphone_pager] = range(metadata.pager());
    plan.kinds[cphone_company] = range(metadata.uan());
    plan.kinds[cphone_voicemail] = range(metadata.voicemail());
    return plan;
}

}  // namespace

void cphone_plans(void (*take)(const cphone_plan *plan, void *context), void *context) {
    PhoneMetadataCollection collection;
    if (!collection.ParseFromArray(i18n::phonenumbers::metadata_get(), i18n::phonenumbers::metadata_size())) return;
    for (const PhoneMetadata &metadata : collection.metadata()) {
        const cphone_plan one = plan(metadata);
        take(&one, context);
    }
}
