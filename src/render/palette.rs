//! The few styles text output uses. The stream they are written to drops them where colour is not wanted.

use anstyle::{AnsiColor, Style};

/// Names of accounts.
pub const NAME: Style = Style::new().bold();
/// What is there for completeness: places, counts.
pub const FAINT: Style = Style::new().dimmed();
/// Gives access, or is well.
pub const GAIN: Style = AnsiColor::Green.on_default();
/// Changes without taking access away.
pub const CHANGE: Style = AnsiColor::Yellow.on_default();
/// Takes access away.
pub const LOSS: Style = AnsiColor::Red.on_default();
/// Is held back or refused.
pub const HELD: Style = AnsiColor::Magenta.on_default();
/// Went wrong.
pub const FAILED: Style = AnsiColor::Red.on_default().bold();
/// What to do about it.
pub const HINT: Style = AnsiColor::Cyan.on_default();
