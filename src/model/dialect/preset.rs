//! What is known of services that people use: for each a dialect, where the knowledge is from, and what is a guess.
//!
//! No preset was tried against the vendor's own service. A dialect in a roster may begin with a preset and differ.

mod services;

use crate::model::dialect::Dialect;

/// A service whose dialect is known, more or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// The RFCs to the letter.
    Rfc,
    /// Klaviyo.
    Klaviyo,
    /// The embedded account service.
    Sandbox,
    /// Slack.
    Slack,
    /// GitHub Enterprise with managed users.
    GithubEnterprise,
    /// AWS IAM Identity Center.
    AwsIdentityCenter,
    /// Atlassian.
    Atlassian,
    /// Databricks, for an account.
    Databricks,
    /// Zulip.
    Zulip,
    /// Sentry.
    Sentry,
    /// `PagerDuty`.
    Pagerduty,
    /// `LaunchDarkly`.
    Launchdarkly,
    /// Miro.
    Miro,
    /// Datadog.
    Datadog,
}

impl Preset {
    /// All of them, in the order in which they are shown.
    pub const ALL: &[Self] = &[
        Self::Rfc,
        Self::Klaviyo,
        Self::Sandbox,
        Self::Slack,
        Self::GithubEnterprise,
        Self::AwsIdentityCenter,
        Self::Atlassian,
        Self::Databricks,
        Self::Zulip,
        Self::Sentry,
        Self::Pagerduty,
        Self::Launchdarkly,
        Self::Miro,
        Self::Datadog,
    ];

    /// The dialect.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Rfc => Dialect::rfc(),
            Self::Klaviyo => services::klaviyo(),
            Self::Sandbox => services::sandbox(),
            Self::Slack => services::slack(),
            Self::GithubEnterprise => services::github_enterprise(),
            Self::AwsIdentityCenter => services::aws_identity_center(),
            Self::Atlassian => services::atlassian(),
            Self::Databricks => services::databricks(),
            Self::Zulip => services::zulip(),
            Self::Sentry => services::sentry(),
            Self::Pagerduty => services::pagerduty(),
            Self::Launchdarkly => services::launchdarkly(),
            Self::Miro => services::miro(),
            Self::Datadog => services::datadog(),
        }
    }

    /// The name by which a roster asks for it.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Klaviyo => "klaviyo",
            Self::Sandbox => "sandbox",
            Self::Slack => "slack",
            Self::GithubEnterprise => "github-enterprise",
            Self::AwsIdentityCenter => "aws-identity-center",
            Self::Atlassian => "atlassian",
            Self::Databricks => "databricks",
            Self::Zulip => "zulip",
            Self::Sentry => "sentry",
            Self::Pagerduty => "pagerduty",
            Self::Launchdarkly => "launchdarkly",
            Self::Miro => "miro",
            Self::Datadog => "datadog",
        }
    }

    /// The service.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rfc => "the RFCs to the letter",
            Self::Klaviyo => "Klaviyo",
            Self::Sandbox => "the embedded account service",
            Self::Slack => "Slack",
            Self::GithubEnterprise => "GitHub Enterprise, managed users",
            Self::AwsIdentityCenter => "AWS IAM Identity Center",
            Self::Atlassian => "Atlassian",
            Self::Databricks => "Databricks, for an account",
            Self::Zulip => "Zulip",
            Self::Sentry => "Sentry",
            Self::Pagerduty => "PagerDuty",
            Self::Launchdarkly => "LaunchDarkly",
            Self::Miro => "Miro",
            Self::Datadog => "Datadog",
        }
    }

    /// Where the knowledge is from.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Rfc => "RFC 7643, RFC 7644, RFC 9865",
            Self::Klaviyo => "help.klaviyo.com, articles on SCIM provisioning, roles and invitations",
            Self::Sandbox => "this program",
            Self::Slack => "docs.slack.dev, the SCIM API and its rate limits",
            Self::GithubEnterprise => "docs.github.com, REST API endpoints for SCIM of an enterprise",
            Self::AwsIdentityCenter => "docs.aws.amazon.com, SCIM developer guide; issues of ssosync",
            Self::Atlassian => "developer.atlassian.com, user provisioning API",
            Self::Databricks => "docs.databricks.com, account SCIM API 2.1",
            Self::Zulip => "the source of Zulip's server and of django-scim2",
            Self::Sentry => "the source of Sentry's server, at an older commit",
            Self::Pagerduty => "developer.pagerduty.com, SCIM API",
            Self::Launchdarkly => "launchdarkly.com/docs, using the SCIM API",
            Self::Miro => "developers.miro.com, SCIM; the configuration of baton-scim",
            Self::Datadog => "docs.datadoghq.com, SCIM API",
        }
    }

    /// What nothing public says; `None` where nothing is guessed.
    #[must_use]
    pub fn guessed(self) -> Option<&'static str> {
        Some(match self {
            Self::Rfc | Self::Sandbox => return None,
            Self::Klaviyo => {
                "where the role stands, how people are changed and taken out, page size, rate. People who have not \
                 accepted are shown among the inactive and nothing tells them from deactivated ones, so inactive is taken \
                 as invited"
            }
            Self::Slack => "that roles are not managed over SCIM",
            Self::GithubEnterprise => {
                "page size, rate, and that the primary address is the login, because the server rewrites `userName`"
            }
            Self::AwsIdentityCenter => {
                "that the listing, which ends after 50 users, is not to be trusted with removals"
            }
            Self::Atlassian => "that roles are not managed over SCIM, and that whoever is taken out is deactivated",
            Self::Databricks => "that account roles are all that is managed, and that DELETE ends with the user gone",
            Self::Zulip => "page size",
            Self::Sentry => "page size, and that people who were invited look active",
            Self::Pagerduty => "page size, and that a role is changed by PATCH",
            Self::Launchdarkly => "page size",
            Self::Miro => "page size, and that DELETE ends with the user gone",
            Self::Datadog => {
                "that whoever is taken out stays as a disabled user. The ids of roles have to be said with `role_names`"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_preset_stands_once_and_says_where_it_is_from() {
        let slugs: BTreeSet<&str> = Preset::ALL.iter().map(|preset| preset.slug()).collect();
        assert_eq!(slugs.len(), Preset::ALL.len());
        assert!(Preset::ALL.iter().all(|preset| !preset.source().is_empty()));
    }
}
