//! Reports as files: each linked to the one before it, and signed, if the user wishes.

use crate::error::{Error, Result};
use crate::normalise::hex;
use crate::pipeline::output::{self, Whole, with_suffix};
use crate::proof::chain::{self, Link};
use clap::Args;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A report of what was done.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportOptions {
    /// Write what was done as JSON: counts, digests, version; no values
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// The report before this one: its digest and number go into this one, so that a removed or altered one shows
    #[arg(long, value_name = "REPORT", requires = "report")]
    after: Option<PathBuf>,
    /// Sign the report with this ed25519 key (PKCS#8 PEM) into FILE.sig
    #[arg(long, value_name = "KEY.pem", requires = "report")]
    sign: Option<PathBuf>,
}

/// What a report needs besides its content, read before the work begins.
pub(crate) struct Linked<'a> {
    options: &'a ReportOptions,
    before: Option<(u64, String)>,
    key: Option<SigningKey>,
    /// What the user should know.
    pub warning: Option<String>,
}

impl ReportOptions {
    /// Reads the report before and the key.
    pub fn open(&self) -> Result<Linked<'_>> {
        let before = self.after.as_deref().map(digest_of).transpose()?;
        let (key, warning) = match &self.sign {
            Some(path) => {
                let (key, warning) = signing_key(path)?;
                (Some(key), warning)
            }
            None => (None, None),
        };
        Ok(Linked { options: self, before, key, warning })
    }
}

/// The number and digest of the report at `path`.
fn digest_of(path: &Path) -> Result<(u64, String)> {
    let text = std::fs::read(path).map_err(|e| Error::io(path, "cannot read the report before", e))?;
    let what = "--after: is no report of `redact --report` or `verify --report`; name the report before this one";
    let wrong = |what: &str| Error::Input { path: path.into(), what: what.into() };
    let (link, _) = chain::link(&text).ok_or_else(|| wrong(what))?;
    if link.sequence == u64::MAX {
        return Err(wrong("--after: its number is the last there can be; it was altered"));
    }
    Ok((link.sequence, hex(&Sha256::digest(&text))))
}

fn signing_key(path: &Path) -> Result<(SigningKey, Option<String>)> {
    let pem = std::fs::read_to_string(path).map_err(|e| Error::io(path, "cannot read the key", e))?;
    let mode = std::fs::metadata(path).map(|m| m.mode()).unwrap_or_default();
    let others = mode & 0o077 != 0;
    let warning =
        others.then(|| "warning: --sign: the key may be read by others than its owner; chmod 600 changes that".into());
    // What the parser says could quote the key.
    let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| Error::Input {
        path: path.into(),
        what: "is no ed25519 key in PKCS#8 PEM without a password; `openssl genpkey -algorithm ed25519` makes one"
            .into(),
    })?;
    Ok((key, warning))
}

/// The public key at `path`.
pub(crate) fn public_key(path: &Path) -> Result<VerifyingKey> {
    let pem = std::fs::read_to_string(path).map_err(|e| Error::io(path, "cannot read the key", e))?;
    VerifyingKey::from_public_key_pem(&pem).map_err(|_| Error::Input {
        path: path.into(),
        what: "is no ed25519 public key in PEM; `openssl pkey -in KEY.pem -pubout` writes that of a key".into(),
    })
}

/// Where the signature of `report` stands.
pub(crate) fn signature_of(report: &Path) -> PathBuf {
    with_suffix(report, OsStr::new(".sig"))
}

/// Whether `signature` is that of `text`.
pub(crate) fn fits(key: &VerifyingKey, text: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|s| key.verify_strict(text, &s).is_ok())
}

impl Linked<'_> {
    /// The link of a report that `verb` writes now.
    pub fn link(&self, verb: &str) -> Link {
        Link {
            program: "sluice".into(),
            report: verb.into(),
            sequence: self.before.as_ref().map_or(1, |b| b.0 + 1),
            after_sha256: self.before.as_ref().map(|b| b.1.clone()),
            time: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }

    /// Writes the report and its signature. Each appears whole or not at all, the signature first.
    pub fn write(&self, text: &str) -> Result<()> {
        let Some(path) = &self.options.report else { return Ok(()) };
        if let Some(key) = &self.key {
            write(&signature_of(path), &key.sign(text.as_bytes()).to_bytes())?;
        }
        write(path, text.as_bytes())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e| Error::io(path, "cannot write", e);
    if let Some(mut out) = output::standing(path).map_err(failed)? {
        return out.write_all(bytes).and_then(|()| out.flush()).map_err(failed);
    }
    let mut whole = Whole::begin(path, None, true, None).map_err(failed)?;
    whole.write_all(bytes).map_err(failed)?;
    whole.commit(None).map_err(failed)
}
