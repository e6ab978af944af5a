//! Keys: where one is had, and a type that does not let go of it.
//!
//! The one place that reads the environment or a file for a secret. A key leaves here only into a header marked
//! sensitive.

use std::borrow::Cow;
use std::env::VarError;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use crate::model::desired::KeyReference;

/// How long a key command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// More than any key has, in bytes, so that a wrong path (`/dev/zero`, a log) ends soon.
const LONGEST: u64 = 16 * 1024;

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

/// Why a key could not be had. It names the variable, the path or the program, never what was found there.
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
    #[error("the key command `{program}` failed ({status}){}", with_words(.said))]
    CommandFailed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// What it wrote to its standard error, shortened.
        said: String,
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

    /// The secret itself, for the header it is sent in.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
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
            Self::VariableMissing { name } => {
                format!("set it to the account's SCIM key, as in `export {name}=…`").into()
            }
            Self::VariableNotUnicode { .. } | Self::Unusable { .. } => {
                "it should hold the key alone, on one line, as the service showed it".into()
            }
            Self::Unreadable { .. } => "check `key.file` in the roster, and that this user may read the file".into(),
            Self::NoProgram => {
                "write the program and its arguments as a list: `command: [pass, show, acme/scim]`".into()
            }
            Self::NotRun { .. } => {
                "check `key.command` in the roster: it is run without a shell, so no pipes and no `~`".into()
            }
            Self::CommandFailed { .. } => "run the command by hand: it should print the key and nothing else".into(),
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
    match value {
        Ok(text) => usable(&text, || format!("environment variable `{name}`")),
        Err(VarError::NotPresent) => Err(KeyError::VariableMissing { name: name.to_owned() }),
        Err(VarError::NotUnicode(_)) => Err(KeyError::VariableNotUnicode { name: name.to_owned() }),
    }
}

fn from_file(path: &Path) -> Result<Key, KeyError> {
    let unreadable = |source| KeyError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(LONGEST + 2).read_to_end(&mut bytes).map_err(unreadable)?;
    usable(&text(bytes), || format!("file `{}`", path.display()))
}

async fn from_command(words: &[String], timeout: Duration) -> Result<Key, KeyError> {
    let Some((program, arguments)) = words.split_first() else { return Err(KeyError::NoProgram) };
    let not_run = |source| KeyError::NotRun { program: program.clone(), source };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_run)?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let finished = async { tokio::try_join!(child.wait(), collect(out), collect(err)) };
    let (status, printed, said) = match tokio::time::timeout(timeout, finished).await {
        Err(_) => return Err(KeyError::CommandTimedOut { program: program.clone() }),
        Ok(result) => result.map_err(not_run)?,
    };
    if !status.success() {
        let said = shortened(&text(said));
        return Err(KeyError::CommandFailed { program: program.clone(), status, said });
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

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().map(|c| if c.is_control() { '·' } else { c }).take(200).collect()
}

fn with_words(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
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
        assert!(story(resolve(&KeyReference::File("/dev/zero".into())).await).contains("longer than"));
    }

    #[tokio::test]
    async fn a_command_prints_the_key_and_its_complaints_are_shown() {
        let run = async |words: &[&str]| resolve(&KeyReference::Command(command(words))).await;
        assert_eq!(story(run(&["echo", "pk_3"]).await), "key pk_3");
        let failed = story(run(&["sh", "-c", "echo pk_4; echo 'vault is\nsealed' >&2; exit 3"]).await);
        assert_eq!(failed, "the key command `sh` failed (exit status: 3): vault is sealed");
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
