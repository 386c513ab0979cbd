// Why a rep stands where they stand in a message: what factors say, and what speaks against the rep.

/// Reasons of the ranking, and warnings.
public final class RankingPhrases: Sendable {
    let acquainted = Phrase("rank.acquainted", en: "had their earlier case", de: "hat die frühere Anfrage betreut")
    let notAcquainted = Phrase(
        "rank.not_acquainted", en: "did not have their earlier case", de: "hat die frühere Anfrage nicht betreut")
    let noLeads = Phrase("rank.leads.none", en: "no open leads", de: "keine offenen Leads")
    let openLead = Phrase("rank.leads.one", [.count], en: "{{count}} open lead", de: "{{count}} offener Lead")
    let openLeads = Phrase("rank.leads.many", [.count], en: "{{count}} open leads", de: "{{count}} offene Leads")
    let ofOne = Phrase(
        "rank.capacity.one", [.count, .total], en: "{{count}} of {{total}} open lead",
        de: "{{count}} von {{total}} offenem Lead")
    let ofMany = Phrase(
        "rank.capacity.many", [.count, .total], en: "{{count}} of {{total}} open leads",
        de: "{{count}} von {{total}} offenen Leads")
    let weighing = Phrase(
        "rank.weighing", [.leads, .weight], en: "{{leads}}, weighing {{weight}}", de: "{{leads}}, gewichtet {{weight}}")
    let weighingOf = Phrase(
        "rank.weighing_of", [.leads, .weight, .total], en: "{{leads}}, weighing {{weight}} of {{total}}",
        de: "{{leads}}, gewichtet {{weight}} von {{total}}")
    let givenOne = Phrase(
        "rank.given.one", [.count, .total, .duration, .share],
        en: "{{count}} of {{total}} lead in {{duration}}; {{share}}",
        de: "{{count}} von {{total}} Lead innerhalb von {{duration}}; {{share}}")
    let givenMany = Phrase(
        "rank.given.many", [.count, .total, .duration, .share],
        en: "{{count}} of {{total}} leads in {{duration}}; {{share}}",
        de: "{{count}} von {{total}} Leads innerhalb von {{duration}}; {{share}}")
    let evenShare = Phrase(
        "rank.share.even", [.count], en: "an even share is {{count}}", de: "bei gleicher Verteilung wären es {{count}}")
    let weighedShare = Phrase(
        "rank.share.weighed", [.count], en: "a share by weight is {{count}}", de: "nach Gewichtung wären es {{count}}")
    let worth = Phrase(
        "rank.worth", [.first, .percent, .due],
        en: "{{first}}; {{percent}} % of their value, where {{due}} % is the share",
        de: "{{first}}; {{percent}} % ihres Werts, der Anteil wäre {{due}} %")
    let noLanguages = Phrase("rank.language.none", en: "no languages listed", de: "keine Sprachen angegeben")
    let speaks = Phrase("rank.language.speaks", [.value], en: "speaks {{value}}", de: "spricht {{value}}")
    let speaksOther = Phrase(
        "rank.language.other", [.own, .value], en: "speaks {{own}}, not {{value}}",
        de: "spricht {{own}}, nicht {{value}}")
    let owner = Phrase("rank.owner", en: "owns the lead in the CRM", de: "ist im CRM für den Lead eingetragen")
    let notOwner = Phrase(
        "rank.not_owner", en: "somebody else owns the lead in the CRM",
        de: "im CRM ist jemand anderes für den Lead eingetragen")
    let onDuty = Phrase("rank.duty.on", en: "on duty", de: "im Dienst")
    let onDutyUntil = Phrase(
        "rank.duty.on_until", [.until], en: "on duty until {{until}}", de: "im Dienst bis {{until}}")
    let offDuty = Phrase(
        "rank.duty.off", [.until], en: "off duty until {{until}}", de: "nicht im Dienst bis {{until}}")
    let away = Phrase("rank.duty.away", [.until], en: "away until {{until}}", de: "abwesend bis {{until}}")
    let noRegions = Phrase("rank.region.none", en: "no regions listed", de: "keine Regionen angegeben")
    let worksIn = Phrase("rank.region.works", [.value], en: "works in {{value}}", de: "zuständig für {{value}}")
    let worksElsewhere = Phrase(
        "rank.region.other", [.own, .value], en: "works in {{own}}, the lead is in {{value}}",
        de: "zuständig für {{own}}, der Lead ist in {{value}}")
    let rested = Phrase("rank.rest.none", [.duration], en: "no lead in {{duration}}", de: "seit {{duration}} kein Lead")
    let lastLead = Phrase("rank.rest.last", [.time], en: "last lead {{time}}", de: "letzter Lead {{time}}")
    let noSeniority = Phrase("rank.seniority.none", en: "seniority unknown", de: "Erfahrungsstufe unbekannt")
    let seniority = Phrase(
        "rank.seniority", [.own, .value], en: "seniority {{own}}, the lead asks for {{value}}",
        de: "Erfahrungsstufe {{own}}, der Lead verlangt {{value}}")
    let noSkills = Phrase("rank.skills.none", en: "no skills listed", de: "keine Fachgebiete angegeben")
    let skill = Phrase(
        "rank.skills.level", [.value, .level], en: "{{value}}, level {{level}} of 5",
        de: "{{value}}, Stufe {{level}} von 5")
    let skilled = Phrase("rank.skills", [.value], en: "skilled in {{value}}", de: "erfahren in {{value}}")
    let skilledElsewhere = Phrase(
        "rank.skills.other", [.own, .value], en: "skilled in {{own}}, not in {{value}}",
        de: "erfahren in {{own}}, nicht in {{value}}")
    let ownProduct = Phrase(
        "rank.product.own", [.value], en: "product {{value}} is their own",
        de: "Produkt {{value}} ist das eigene Gebiet")
    let otherProduct = Phrase(
        "rank.product.other", [.own, .value], en: "product {{own}}, not {{value}}",
        de: "Produkt {{own}}, nicht {{value}}")
    let ownCampaign = Phrase(
        "rank.campaign.own", [.value], en: "campaign {{value}} is their own",
        de: "Kampagne {{value}} ist das eigene Gebiet")
    let otherCampaign = Phrase(
        "rank.campaign.other", [.own, .value], en: "campaign {{own}}, not {{value}}",
        de: "Kampagne {{own}}, nicht {{value}}")
    let noField = Phrase("rank.field.none", en: "no field of their own", de: "kein eigenes Gebiet")

    let someLead = Phrase("exclusion.leads.one", [.count], en: "{{count}} lead", de: "{{count}} Lead")
    let someLeads = Phrase("exclusion.leads.many", [.count], en: "{{count}} leads", de: "{{count}} Leads")
    let capped = Phrase(
        "exclusion.cap", [.leads, .total], en: "has {{leads}}, the cap is {{total}}",
        de: "bereits {{leads}}, Obergrenze {{total}}")
    let cappedDay = Phrase(
        "exclusion.day", [.leads, .total], en: "was given {{leads}} within 24 hours, the cap is {{total}}",
        de: "bereits {{leads}} innerhalb von 24 Stunden, Obergrenze {{total}}")
    let cappedWeek = Phrase(
        "exclusion.week", [.leads, .total], en: "was given {{leads}} within 7 days, the cap is {{total}}",
        de: "bereits {{leads}} innerhalb von 7 Tagen, Obergrenze {{total}}")
    let noLicence = Phrase(
        "exclusion.licence", [.value, .reason], en: "no licence {{value}}, which is needed because {{reason}}",
        de: "ohne die Lizenz {{value}}, die hier erforderlich ist ({{reason}})")
    let noSkill = Phrase(
        "exclusion.skill", [.value, .reason], en: "no skill {{value}}, which is needed because {{reason}}",
        de: "ohne das Fachgebiet {{value}}, das hier erforderlich ist ({{reason}})")

    let otherField = Phrase(
        "warning.field", [.value, .own], en: "{{value}} lead, specialises in {{own}}",
        de: "Lead zu {{value}}, spezialisiert auf {{own}}")
    let otherLanguage = Phrase(
        "warning.language", [.value, .own], en: "the lead's language is {{value}}, speaks {{own}}",
        de: "die Sprache des Leads ist {{value}}, spricht {{own}}")
    let lowSeniority = Phrase(
        "warning.seniority", [.value, .own], en: "the lead asks for seniority {{value}}, has {{own}}",
        de: "der Lead verlangt Erfahrungsstufe {{value}}, hat {{own}}")
    let atCapacity = Phrase(
        "warning.full", [.weight, .total], en: "at capacity: {{weight}} of {{total}}",
        de: "ausgelastet: {{weight}} von {{total}}")
    let overCapacity = Phrase(
        "warning.over", [.weight, .total], en: "over capacity: {{weight}} of {{total}}",
        de: "überlastet: {{weight}} von {{total}}")

    /// "1 open lead", "3 open leads".
    func open(_ count: Int) -> String { count == 1 ? openLead("1") : openLeads("\(count)") }

    /// "1 lead", "3 leads".
    func leads(_ count: Int) -> String { count == 1 ? someLead("1") : someLeads("\(count)") }
}
