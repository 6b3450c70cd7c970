//! Figures as they go out: what the store has released of a selection, and nothing else.

use super::store::{Store, StoreError};
use crate::{
    campaign::Campaign,
    period::Period,
    questionnaire::Questionnaire,
    results::{Results, Selection},
};

/// Every figure of a selection.
///
/// # Errors
/// If the store fails.
pub(super) fn released(
    store: &dyn Store,
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    selection: Selection,
) -> Result<Results, StoreError> {
    let view = store.view(campaign, questionnaire, &selection)?;
    let margins = if view.whole.is_some() { store.margins(campaign)? } else { None };
    let results = Results::shown(campaign, questionnaire, &view, selection).with_margins(
        questionnaire,
        view.whole.as_ref(),
        margins.as_ref(),
    );
    let doors = store.doors(campaign, &results.doors_of(), results.selection.period.map(Period::month))?;
    Ok(results.with_doors(&doors))
}
