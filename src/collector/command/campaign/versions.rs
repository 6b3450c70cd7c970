//! What a questionnaire that is to be fielded has in common with those that are.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    collector::{command::Failure, store::Store},
    questionnaire::{Comparison, Questionnaire, comparison},
};

/// Compares a questionnaire with the fielded ones of its name: what is to be told of it, a line each.
///
/// # Errors
/// If it was changed without saying so: it has another's version, or an indicator that counts something else has
/// the same definition version.
pub(super) fn compared(store: &impl Store, new: &Questionnaire) -> Result<String, Failure> {
    let (id, version) = (&new.definition.id, &new.definition.version);
    let (mut told, mut seen) = (String::new(), BTreeSet::new());
    for campaign in store.campaigns()? {
        if !seen.insert(campaign.questionnaire.clone()) {
            continue;
        }
        let file = store.questionnaire(&campaign.questionnaire)?.ok_or("a campaign's questionnaire is missing")?;
        let fielded = Questionnaire::parse(&file)?;
        let before = &fielded.definition;
        if before.id != *id || fielded.hash == new.hash {
            continue;
        }
        if before.version == *version {
            let why = "it is another questionnaire now: please give it another version";
            return Err(format!(
                "{id} was changed since it was fielded in {}, and still is {version}; {why}",
                campaign.id
            )
            .into());
        }
        let (mut same, mut other) = (Vec::new(), Vec::new());
        for indicator in &new.indicators {
            let name = indicator.definition.id.as_str();
            match comparison(&fielded, new, name) {
                Some(Comparison::Same) => same.push(name),
                Some(Comparison::Other) => other.push(name),
                Some(Comparison::Changed(what)) => {
                    let definition = &indicator.definition.definition_version;
                    return Err(format!(
                        "{what} of the indicator {name} was changed since {} (in {}), and its definition version still is \
                         {definition}; rates would be compared that mean different things: please give it another one",
                        before.version, campaign.id
                    )
                    .into());
                }
                None => {}
            }
        }
        let _ =
            writeln!(told, "It is another version than {} in {}: their sums never meet.", before.version, campaign.id);
        for (names, compare) in
            [(same, "compare with it"), (other, "do not compare with it: another definition version")]
        {
            if !names.is_empty() {
                let _ = writeln!(told, "  {compare}: {}", names.join(", "));
            }
        }
    }
    Ok(told)
}
