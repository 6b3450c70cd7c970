//! The results as they are, for people to read too.

use super::Export;
use crate::collector::store::StoreError;

/// The file.
pub(super) fn write(export: &Export) -> Result<Vec<u8>, StoreError> {
    let mut bytes = serde_json::to_vec_pretty(export.results)?;
    bytes.push(b'\n');
    Ok(bytes)
}
