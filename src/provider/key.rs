//! Keys: where one is had, and a type that does not let go of it.
//!
//! The one place that reads the environment or a file for a secret. A key leaves here only into a header marked
//! sensitive, or as another type that does not let go of it.

mod proof;

use std::borrow::Cow;
use std::env::VarError;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use crate::model::desired::KeyReference;

/// How long a key command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// More than any key has, in bytes.
const LONGEST: u64 = 16 * 1024;

/// How much of a key file is read, in bytes, so that a wrong path, such as that of a log, ends soon.
const LARGEST_FILE: u64 = 64 * 1024;

/// Stands for a name in an error that looks like a key itself.
const NOT_SHOWN: &str = "***";

/// The secret an account asks for. Nothing prints it: no `Display`, no serialisation, and `Debug` shows `***`.
#[derive(Clone)]
pub struct Key(SecretString);

/// A text that cannot be sent as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// Nothing but white space.
    #[error("the key is empty")]
    Empty,
    /// A line break, another control character, or a character outside ASCII.
    #[error("the key holds a line break or another character that cannot stand in an HTTP header")]
    Unprintable,
    /// Longer than any key.
    #[error("the key is longer than {LONGEST} bytes")]
    TooLong,
}

/// Why a key could not be had. It names the variable, the path or the program, unless that looks like a key pasted in its
/// place; it shows nothing of what was found there, nor of what a program wrote.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The environment variable is not set.
    #[error("environment variable `{name}` is not set")]
    VariableMissing {
        /// Its name.
        name: String,
    },
    /// The environment variable holds bytes that are not text.
    #[error("environment variable `{name}` is not Unicode text")]
    VariableNotUnicode {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error("cannot read the key file `{}`", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The path leads to something that reading might never end of, such as a pipe, a device or a folder.
    #[error("the key file `{}` is not a regular file", path.display())]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// The file is larger than any that holds a key.
    #[error("the key file `{}` is larger than {} KiB", path.display(), LARGEST_FILE / 1024)]
    FileTooLarge {
        /// Its path.
        path: PathBuf,
    },
    /// The reference names no program.
    #[error("the key command names no program")]
    NoProgram,
    /// The program cannot be started or listened to.
    #[error("cannot run the key command `{program}`")]
    NotRun {
        /// Its name.
        program: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The program ended with an error.
    #[error("the key command `{program}` failed ({status})")]
    CommandFailed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The program did not end in time.
    #[error("the key command `{program}` did not finish within {} s", COMMAND_TIMEOUT.as_secs())]
    CommandTimedOut {
        /// Its name.
        program: String,
    },
    /// Something was there, and it is no key.
    #[error("{origin} holds no usable key")]
    Unusable {
        /// The variable, file or command.
        origin: String,
        /// What is wrong with it.
        #[source]
        source: InvalidKey,
    },
}

impl Key {
    /// Takes a key; line ends and white space around it are not part of it.
    ///
    /// # Errors
    ///
    /// Where it could not stand in an HTTP header.
    pub fn new(text: &str) -> Result<Self, InvalidKey> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidKey::Empty);
        }
        if text.len() as u64 > LONGEST {
            return Err(InvalidKey::TooLong);
        }
        if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(InvalidKey::Unprintable);
        }
        Ok(Self(text.into()))
    }

    /// The same for what is no account, such as a target of notifications.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }

    /// The secret itself, for the header it is sent in.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The header it is sent in, marked as sensitive, with this word before it.
    ///
    /// # Errors
    ///
    /// Where the two could not stand in an HTTP header.
    pub fn header(&self, scheme: Option<&str>) -> Result<HeaderValue, InvalidKey> {
        let text = scheme.map_or_else(|| self.expose().to_owned(), |scheme| format!("{scheme} {}", self.expose()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| InvalidKey::Unprintable)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Whether a text shows it.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        text.contains(self.expose())
    }

    /// The text with `***` in its place.
    #[must_use]
    pub fn hidden_in(&self, text: &str) -> String {
        text.replace(self.expose(), NOT_SHOWN)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl KeyError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::VariableMissing { name } if name == NOT_SHOWN => {
                "`key.env` takes the name of a variable; what stands there looks like the key itself: \
                 take it out of the roster, and have it replaced"
                    .into()
            }
            Self::Unreadable { path, .. } if path.as_os_str() == NOT_SHOWN => {
                "`key.file` takes a path; what stands there looks like the key itself: \
                 take it out of the roster, and have it replaced"
                    .into()
            }
            Self::VariableMissing { name } => {
                format!("set it to the account's SCIM key, as in `export {name}=…`").into()
            }
            Self::VariableNotUnicode { .. } | Self::Unusable { .. } => {
                "it should hold the key alone, on one line, as the service showed it".into()
            }
            Self::NotAFile { .. } | Self::FileTooLarge { .. } => {
                "`key.file` takes the path of a plain file that holds the key alone, on one line".into()
            }
            Self::Unreadable { .. } => "check `key.file` in the roster, and that this user may read the file".into(),
            Self::NoProgram => {
                "write the program and its arguments as a list: `command: [pass, show, acme/scim]`".into()
            }
            Self::NotRun { .. } => {
                "check `key.command` in the roster: it is run without a shell, so no pipes and no `~`".into()
            }
            Self::CommandFailed { .. } => {
                "run it yourself to see why: what it says is not shown here, because the key may be in it".into()
            }
            Self::CommandTimedOut { .. } => "run the command by hand: it may be asking a question nobody sees".into(),
        })
    }
}

/// Gets the key a reference points to.
///
/// # Errors
///
/// Where there is none, or none that can be sent: see [`KeyError`].
pub async fn resolve(reference: &KeyReference) -> Result<Key, KeyError> {
    match reference {
        KeyReference::Environment(name) => from_variable(name, environment(name)),
        KeyReference::File(path) => from_file(path),
        KeyReference::Command(words) => from_command(words, COMMAND_TIMEOUT).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place a secret is read from the environment")]
fn environment(name: &str) -> Result<String, VarError> {
    std::env::var(name)
}

fn from_variable(name: &str, value: Result<String, VarError>) -> Result<Key, KeyError> {
    let shown = || if looks_like_a_key(name) { NOT_SHOWN.to_owned() } else { name.to_owned() };
    match value {
        Ok(text) => usable(&text, || format!("environment variable `{}`", shown())),
        Err(VarError::NotPresent) => Err(KeyError::VariableMissing { name: shown() }),
        Err(VarError::NotUnicode(_)) => Err(KeyError::VariableNotUnicode { name: shown() }),
    }
}

fn from_file(path: &Path) -> Result<Key, KeyError> {
    let shown = || if is_a_key_in_place_of(path) { PathBuf::from(NOT_SHOWN) } else { path.to_owned() };
    let unreadable = |source| KeyError::Unreadable { path: shown(), source };
    // A pipe would be waited for without end, by opening it alone.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(KeyError::NotAFile { path: shown() });
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(KeyError::FileTooLarge { path: shown() });
    }
    usable(&text(bytes), || format!("file `{}`", shown().display()))
}

/// Whether what should be a name is more likely a key pasted in its place.
fn looks_like_a_key(name: &str) -> bool {
    let prefixed = ["pk_", "sk_"].iter().any(|prefix| name.trim_start().starts_with(prefix));
    let random = name.len() > 20
        && name.bytes().any(|byte| byte.is_ascii_digit())
        && name.bytes().any(|byte| byte.is_ascii_lowercase());
    prefixed || random
}

/// The same for a path: only its last part is judged, because the folder is the roster's own; a part with a suffix such
/// as `.txt` names a file.
fn is_a_key_in_place_of(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else { return false };
    looks_like_a_key(&name) && Path::new(&*name).extension().is_none_or(|suffix| suffix.len() > 4)
}

async fn from_command(words: &[String], timeout: Duration) -> Result<Key, KeyError> {
    let Some((command, arguments)) = words.split_first() else { return Err(KeyError::NoProgram) };
    let program = if looks_like_a_key(command) && !command.contains('/') { NOT_SHOWN } else { command }.to_owned();
    let not_run = |source| KeyError::NotRun { program: program.clone(), source };
    let mut child = Command::new(command)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_run)?;
    let out = child.stdout.take();
    let finished = async { tokio::try_join!(child.wait(), collect(out)) };
    let (status, printed) = match tokio::time::timeout(timeout, finished).await {
        Err(_) => return Err(KeyError::CommandTimedOut { program }),
        Ok(result) => result.map_err(not_run)?,
    };
    if !status.success() {
        return Err(KeyError::CommandFailed { program, status });
    }
    usable(&text(printed), || format!("what the key command `{program}` printed"))
}

/// Reads the beginning of a pipe, then closes it, so that a program that never stops writing ends.
async fn collect(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(LONGEST + 2).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// The text of these bytes; what is not UTF-8 becomes a character that no key may hold.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn usable(text: &str, origin: impl FnOnce() -> String) -> Result<Key, KeyError> {
    Key::new(text).map_err(|source| KeyError::Unusable { origin: origin(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;
    use std::ffi::OsString;

    fn story(result: Result<Key, KeyError>) -> String {
        match result {
            Ok(key) => format!("key {}", key.expose()),
            Err(error) => {
                assert!(error.hint().is_some());
                error.source().map_or(error.to_string(), |cause| format!("{error}: {cause}"))
            }
        }
    }

    fn command(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_key_shows_itself_to_nobody() {
        let key = Key::new("pk_secret\n").expect("a key");
        assert_eq!((format!("{key:?}"), key.expose()), ("***".to_owned(), "pk_secret"));
        assert_eq!(Key::new("a\nb").err(), Some(InvalidKey::Unprintable));
        assert_eq!(Key::new("clé").err(), Some(InvalidKey::Unprintable));
    }

    #[tokio::test]
    async fn a_variable_is_named_and_never_shown() {
        assert_eq!(story(from_variable("K", Ok("Klaviyo-API-Key pk_1\n".into()))), "key Klaviyo-API-Key pk_1");
        let missing = resolve(&KeyReference::Environment("ROSTER_TEST_IS_NEVER_SET".into())).await;
        assert_eq!(story(missing), "environment variable `ROSTER_TEST_IS_NEVER_SET` is not set");
        let empty = from_variable("K", Ok(" \n".into()));
        assert_eq!(story(empty), "environment variable `K` holds no usable key: the key is empty");
        let odd = from_variable("K", Err(VarError::NotUnicode(OsString::from("x"))));
        assert_eq!(story(odd), "environment variable `K` is not Unicode text");
    }

    #[tokio::test]
    async fn a_file_gives_its_text_without_the_line_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "pk_2\r\n").expect("written");
        assert_eq!(story(resolve(&KeyReference::File(path.clone())).await), "key pk_2");
        std::fs::write(&path, "secret-one\nsecret-two\n").expect("written");
        let two_lines = story(resolve(&KeyReference::File(path.clone())).await);
        assert!(two_lines.contains("holds no usable key") && !two_lines.contains("secret"), "{two_lines}");
        std::fs::write(&path, "").expect("written");
        assert!(story(resolve(&KeyReference::File(path)).await).ends_with("the key is empty"));
        let missing = story(resolve(&KeyReference::File(folder.path().join("none"))).await);
        assert!(missing.starts_with("cannot read the key file `"), "{missing}");
        std::fs::write(folder.path().join("log"), vec![b'x'; 100_000]).expect("written");
        let log = story(resolve(&KeyReference::File(folder.path().join("log"))).await);
        assert!(log.ends_with("log` is larger than 64 KiB"), "{log}");
    }

    #[tokio::test]
    async fn what_reading_might_never_end_of_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
        for path in [pipe, "/dev/zero".into(), folder.path().to_owned()] {
            let words = story(resolve(&KeyReference::File(path)).await);
            assert!(words.ends_with("` is not a regular file"), "{words}");
        }
    }

    #[tokio::test]
    async fn a_key_pasted_where_a_name_belongs_is_not_repeated() {
        for key in ["pk_1a2b3c", "sk_live", "0123456789abcdef0123456789abcdef"] {
            let references = [
                KeyReference::Environment(key.into()),
                KeyReference::File(key.into()),
                KeyReference::File(Path::new("/srv/rosters").join(key)),
                KeyReference::Command(vec![key.into()]),
            ];
            for reference in references {
                let error = resolve(&reference).await.expect_err("no such thing");
                let hint = error.hint().expect("a hint");
                assert!(!format!("{error} {error:?} {hint}").contains(key), "{error}");
            }
        }
        for name in ["ACME_EU_PRODUCTION_2_SCIM_KEY", "acme_scim_key_of_production", "K2"] {
            assert!(!looks_like_a_key(name), "{name}");
        }
        assert!(!is_a_key_in_place_of(Path::new("/home/u1/secrets-of-the-year-2026.txt")));
    }

    #[tokio::test]
    async fn a_command_prints_the_key_and_what_it_complains_of_is_not_shown() {
        let run = async |words: &[&str]| resolve(&KeyReference::Command(command(words))).await;
        assert_eq!(story(run(&["echo", "pk_3"]).await), "key pk_3");
        let failed = story(run(&["sh", "-c", "set -x; test pk_4 = pk_5; exit 3"]).await);
        assert_eq!(failed, "the key command `sh` failed (exit status: 3)");
        let silent = story(run(&["true"]).await);
        assert_eq!(silent, "what the key command `true` printed holds no usable key: the key is empty");
        assert!(story(run(&["roster-no-such-program"]).await).starts_with("cannot run the key command `roster-no"));
        assert_eq!(story(run(&[]).await), "the key command names no program");
    }

    #[tokio::test]
    async fn a_command_that_waits_for_ever_is_ended() {
        let late = from_command(&command(&["sleep", "600"]), Duration::ZERO).await;
        assert_eq!(story(late), "the key command `sleep` did not finish within 10 s");
        let endless = from_command(&command(&["yes"]), COMMAND_TIMEOUT).await;
        assert!(story(endless).starts_with("the key command `yes` failed"));
    }
}
