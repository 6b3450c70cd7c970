//! The results as they are, for people to read too.

use super::{BadExport, Export};

/// The file.
pub(super) fn write(export: &Export) -> Result<Vec<u8>, BadExport> {
    let mut bytes = serde_json::to_vec_pretty(export.results).map_err(|error| BadExport::Failed(error.into()))?;
    bytes.push(b'\n');
    Ok(bytes)
}
