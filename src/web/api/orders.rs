//! Orders from programs. Each needs the token, is taken at once, and carried out by the next pass.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::daemon::order::{Approval, Order, Trigger};
use crate::model::account_name::AccountName;
use crate::model::digest::DigestPrefix;
use crate::model::upkeep::Suspension;
use crate::web::Desk;
use crate::web::admission::Bearer;
use crate::web::api::ApiFailure;

type Taken = Result<(StatusCode, Json<Value>), ApiFailure>;

/// Leave an account alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    reason: String,
    #[serde(default)]
    until: Option<Timestamp>,
}

/// Carry out what is held in one plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Approve {
    plan: String,
    reason: String,
    actor: String,
}

pub(super) async fn look_everywhere(_: Bearer, State(desk): State<Arc<Desk>>) -> Taken {
    order(&desk, Order::Look { account: None, trigger: Trigger::Operator }).await
}

pub(super) async fn look(_: Bearer, State(desk): State<Arc<Desk>>, Path(name): Path<String>) -> Taken {
    order(&desk, Order::Look { account: Some(account(&name)?), trigger: Trigger::Operator }).await
}

pub(super) async fn resume(_: Bearer, State(desk): State<Arc<Desk>>, Path(name): Path<String>) -> Taken {
    order(&desk, Order::Resume { account: account(&name)? }).await
}

pub(super) async fn pause(
    _: Bearer,
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    body: Result<Json<Pause>, JsonRejection>,
) -> Taken {
    let Json(Pause { reason, until }) = body?;
    if until.is_some_and(|until| until <= desk.now()) {
        return Err(ApiFailure::Malformed("`until` is not in the future".to_owned()));
    }
    let suspension = Suspension { reason: said("reason", &reason)?, until };
    order(&desk, Order::Pause { account: account(&name)?, suspension }).await
}

pub(super) async fn approve(
    _: Bearer,
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    body: Result<Json<Approve>, JsonRejection>,
) -> Taken {
    let Json(Approve { plan, reason, actor }) = body?;
    let digest: DigestPrefix =
        plan.parse().map_err(|_| ApiFailure::Malformed("`plan` is the digest of a plan".to_owned()))?;
    let approval = Approval { digest, actor: said("actor", &actor)?, reason: Some(said("reason", &reason)?) };
    order(&desk, Order::Approve { account: account(&name)?, approval }).await
}

async fn order(desk: &Desk, order: Order) -> Taken {
    desk.order(order).await.map_err(ApiFailure::NotTaken)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "accepted": true }))))
}

fn account(name: &str) -> Result<AccountName, ApiFailure> {
    name.parse().map_err(|_| ApiFailure::Unknown)
}

/// Words that the journal will keep.
fn said(name: &str, text: &str) -> Result<String, ApiFailure> {
    match text.trim() {
        "" => Err(ApiFailure::Malformed(format!("`{name}` is empty"))),
        text => Ok(text.to_owned()),
    }
}
