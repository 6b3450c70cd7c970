//! The key that signs the codes on posters, in the data directory. Whoever has it can make codes that volunteers'
//! tablets take; without it the posters that hang stay good only as long as the collector tells its public half.

use std::{fs, path::Path};

use ed25519_dalek::{SecretKey, SigningKey};
use zeroize::Zeroizing;

use super::{aggregators::write_private, store::StoreError, world};
use crate::questionnaire::{hex, unhex};

/// The file in the data directory: 64 hexadecimal digits, for its owner alone.
const FILE: &str = "place-signer.key";

/// The key of a data directory; made where there is none.
pub(super) fn open(directory: &Path) -> Result<SigningKey, StoreError> {
    let path = directory.join(FILE);
    if !path.exists() {
        let secret: Zeroizing<SecretKey> = Zeroizing::new(world::random()?);
        write_private(&path, Zeroizing::new(format!("{}\n", *Zeroizing::new(hex(&*secret)))).as_bytes())?;
    }
    let text = fs::read_to_string(&path).map(Zeroizing::new).map_err(|error| format!("{}: {error}", path.display()))?;
    let secret = unhex(text.trim_end()).map(Zeroizing::new).and_then(|bytes| SecretKey::try_from(&bytes[..]).ok());
    let secret = secret.ok_or_else(|| format!("{}: a signing key is 64 hexadecimal digits", path.display()))?;
    Ok(SigningKey::from_bytes(&Zeroizing::new(secret)))
}

/// Its public half, as a campaign tells it.
pub(super) fn public(key: &SigningKey) -> String {
    hex(key.verifying_key().as_bytes())
}
