//! Invitations: the token that proves that somebody got the mail, how long it counts, and what the mail says.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::language::Language;
use super::rules::RoleEntry;
use super::user::User;

/// How long an invitation counts where nobody says otherwise.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The secret part of an invitation's link.
pub(crate) struct Token(String);

/// What the mail speaks of.
pub(crate) struct Letter<'l> {
    /// Whom it comes from.
    pub(crate) from: &'l str,
    /// The account's name.
    pub(crate) account: &'l str,
    /// Who invites: the account's Owner.
    pub(crate) inviter: &'l str,
    /// Whom the mail is for.
    pub(crate) user: &'l User,
    /// The user's role; a user can be without one.
    pub(crate) role: Option<&'l RoleEntry>,
    /// The address of the account, without a slash at its end.
    pub(crate) address: &'l str,
    /// The link's secret.
    pub(crate) token: &'l Token,
    /// When it is sent.
    pub(crate) sent: Timestamp,
}

impl Token {
    /// A new token that nobody can guess.
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().simple().to_string())
    }

    /// A token as it stands in a link.
    pub(crate) fn from_link(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is stored of the token, so that who reads the database cannot accept for others.
    pub(crate) fn digest(&self) -> String {
        let mut digest = String::with_capacity(64);
        for byte in Sha256::digest(self.0.as_bytes()) {
            // Writing to a string does not fail.
            let _written = write!(digest, "{byte:02x}");
        }
        digest
    }
}

/// When an invitation that is sent now ends.
pub(crate) fn expiry(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}

impl Letter<'_> {
    /// The mail (RFC 5322), in the user's language: French where it begins with `fr`, else English.
    pub(crate) fn to_mail(&self) -> String {
        let language = Language::of(self.user.profile.language.as_deref());
        let (subject, text) = match language {
            Language::English => (format!("You are invited to {}", self.account), self.english()),
            Language::French => (format!("Invitation à rejoindre {}", self.account), self.french()),
        };
        let date = jiff::fmt::rfc2822::to_string(&self.sent.to_zoned(TimeZone::UTC)).unwrap_or_default();
        let headers = [
            ("Date", date),
            ("From", format!("Accounts <{}>", self.from)),
            ("To", recipient(&self.user.profile.user_name)),
            ("Message-ID", format!("<{}.{}@sandbox.invalid>", self.user.id, self.sent.as_millisecond())),
            ("Subject", encoded_words(&subject)),
            ("MIME-Version", "1.0".to_owned()),
            ("Content-Type", "text/plain; charset=utf-8".to_owned()),
            ("Content-Language", language.tag().to_owned()),
            ("Content-Transfer-Encoding", "quoted-printable".to_owned()),
        ];
        let head: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{head}\r\n{}", quoted_printable(&text))
    }

    fn link(&self) -> String {
        format!("{}/invitations/{}", self.address, self.token.0)
    }

    fn day(&self) -> String {
        let end = self.user.invitation_expires.unwrap_or(self.sent).to_zoned(TimeZone::UTC);
        end.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }

    fn english(&self) -> String {
        let role = self.role.map_or_else(
            || "You have no role yet.".to_owned(),
            |role| format!("Your role is {}. It allows: {}", role.title, role.allows_in(Language::English)),
        );
        format!(
            "Hello {},\n\n{} invites you to the account {} as {}.\n{role}\n\nAccept or decline here:\n{}\n\nThe link \
             counts until {}.\n",
            self.greeted(),
            self.inviter,
            self.account,
            self.user.profile.user_name,
            self.link(),
            self.day(),
        )
    }

    fn french(&self) -> String {
        let role = self.role.map_or_else(
            || "Vous n'avez pas encore de rôle.".to_owned(),
            |role| format!("Votre rôle : {}. Il permet : {}", role.title, role.allows_in(Language::French)),
        );
        format!(
            "Bonjour {},\n\n{} vous invite à rejoindre le compte {} en tant que {}.\n{role}\n\nAcceptez ou refusez \
             ici :\n{}\n\nLe lien est valable jusqu'au {}.\n",
            self.greeted(),
            self.inviter,
            self.account,
            self.user.profile.user_name,
            self.link(),
            self.day(),
        )
    }

    fn greeted(&self) -> &str {
        let profile = &self.user.profile;
        profile.given_name.as_deref().or(profile.display_name.as_deref()).unwrap_or(&profile.user_name)
    }
}

/// The address, or an empty group where the `userName` is none: nothing that a client sends becomes a header.
fn recipient(user_name: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ',' | ';' | ':' | '(' | ')' | '\\');
    let parts = user_name.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let is_address = parts.is_some_and(|(_, domain)| !domain.contains('@'));
    if is_address && user_name.len() < 255 && user_name.chars().all(plain) {
        format!("<{user_name}>")
    } else {
        "undisclosed-recipients:;".to_owned()
    }
}

/// Text in a header (RFC 2047), in words of at most 75 characters.
fn encoded_words(text: &str) -> String {
    if text.len() < 70 && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for character in text.chars() {
        let mut buffer = [0; 4];
        let encoded: String = if character.is_ascii_alphanumeric() {
            character.to_string()
        } else {
            character.encode_utf8(&mut buffer).bytes().map(|byte| format!("={byte:02X}")).collect()
        };
        match words.last_mut() {
            Some(word) if word.len() + encoded.len() <= 60 => word.push_str(&encoded),
            Some(_) | None => words.push(encoded),
        }
    }
    words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}

/// Text in a body (RFC 2045 section 6.7), in lines of at most 76 characters.
fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    for line in text.lines() {
        let mut width = 0;
        let bytes = line.as_bytes();
        for (position, byte) in bytes.iter().enumerate() {
            let is_last_blank = *byte == b' ' && position + 1 == bytes.len();
            let plain = (*byte == b' ' || byte.is_ascii_graphic()) && *byte != b'=' && !is_last_blank;
            let piece = if plain { char::from(*byte).to_string() } else { format!("={byte:02X}") };
            if width + piece.len() > 75 {
                encoded.push_str("=\r\n");
                width = 0;
            }
            width += piece.len();
            encoded.push_str(&piece);
        }
        encoded.push_str("\r\n");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::RoleCatalogue;
    use crate::sandbox::rules::Roles;
    use crate::sandbox::user::Profile;

    fn mail(user_name: &str, language: &str) -> String {
        let sent: Timestamp = "2026-11-22T09:30:00Z".parse().expect("a time");
        let user = User {
            id: "7".to_owned(),
            version: 1,
            profile: Profile {
                user_name: user_name.to_owned(),
                given_name: Some("Zoë".to_owned()),
                language: Some(language.to_owned()),
                ..Profile::default()
            },
            added: sent,
            modified: sent,
            invited: Some(sent),
            invitation_expires: Some(expiry(sent, LIFETIME)),
            accepted: None,
            last_login: None,
        };
        let roles = Roles::of(RoleCatalogue::Account);
        let token = Token::from_link("t0ken");
        let letter = Letter {
            from: "no-reply@sandbox.invalid",
            account: "acme",
            inviter: "owner@acme.example",
            user: &user,
            role: roles.find("analyst"),
            address: "http://localhost/acme",
            token: &token,
            sent,
        };
        letter.to_mail().replace("\r\n", "\n")
    }

    #[test]
    fn the_mail_says_who_where_what_and_until_when() {
        insta::assert_snapshot!(mail("zoe@acme.example", "en-US"), @"
        Date: Sun, 22 Nov 2026 09:30:00 +0000
        From: Accounts <no-reply@sandbox.invalid>
        To: <zoe@acme.example>
        Message-ID: <7.1795339800000@sandbox.invalid>
        Subject: You are invited to acme
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Language: en-US
        Content-Transfer-Encoding: quoted-printable

        Hello Zo=C3=AB,

        owner@acme.example invites you to the account acme as zoe@acme.example.
        Your role is Analyst. It allows: Seeing metrics, campaigns, flows, segments=
         and reports.

        Accept or decline here:
        http://localhost/acme/invitations/t0ken

        The link counts until 2026-12-06 09:30 UTC.
        ");
    }

    #[test]
    fn the_mail_is_french_for_who_reads_french() {
        let mail = mail("zoe@acme.example", "FR-fr");
        assert!(mail.contains("Subject: =?utf-8?Q?Invitation=20=C3=A0=20rejoindre=20acme?="), "{mail}");
        assert!(mail.contains("Votre r=C3=B4le : Analyst. Il permet : Consulter"), "{mail}");
    }

    #[test]
    fn a_name_that_is_no_address_does_not_become_a_header() {
        for name in ["ada", "a@b.example\r\nBcc: x@y.example", "a@b@c", "a,b@c.example", "a@", "@c.example"] {
            assert!(mail(name, "").contains("To: undisclosed-recipients:;\nMessage-ID"), "{name}");
        }
        assert!(mail("ada", "").lines().all(|line| line.len() <= 76));
    }

    #[test]
    fn long_subjects_are_folded() {
        let folded = encoded_words(&"é".repeat(40));
        assert!(folded.split("\r\n ").all(|word| word.len() <= 75 && word.ends_with("?=")), "{folded}");
    }
}
