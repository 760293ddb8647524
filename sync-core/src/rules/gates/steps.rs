//! What a person may do next, for screens that offer it and lists that wait for it.

use serde::{Deserialize, Serialize};

use super::{Context, rectification};
use crate::domain::notice::{Service, ServiceMethod};
use crate::id::HazardId;
use crate::ledger::case::Case;
use crate::rules::status;

/// A step that a person may take with a hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Confirm service.
    ConfirmService,
    /// Hand over or leave the paper.
    Serve,
    /// Decide on a major grade.
    DecideMajor,
    /// Report what was done.
    Reply,
    /// Ask for more time.
    RequestExtension,
    /// Decide on more time.
    DecideExtension,
    /// Look again.
    Recheck,
    /// Close or send back.
    Close,
    /// Put more pressure on.
    Escalate,
    /// Propose to dismiss.
    ProposeDismissal,
    /// Confirm a dismissal.
    Dismiss,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::ConfirmService,
        Self::Serve,
        Self::DecideMajor,
        Self::Reply,
        Self::RequestExtension,
        Self::DecideExtension,
        Self::Recheck,
        Self::Close,
        Self::Escalate,
        Self::ProposeDismissal,
        Self::Dismiss,
    ];

    /// Whether others wait for it at a desk, until a supervisor has decided.
    #[must_use]
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::DecideMajor | Self::DecideExtension | Self::Close | Self::Dismiss)
    }

    /// What a button says.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ConfirmService => "确认送达",
            Self::Serve => "登记送达",
            Self::DecideMajor => "认定重大",
            Self::Reply => "提交整改报告",
            Self::RequestExtension => "申请延期",
            Self::DecideExtension => "审批延期",
            Self::Recheck => "复查",
            Self::Close => "销号审批",
            Self::Escalate => "督办",
            Self::ProposeDismissal => "提请撤销",
            Self::Dismiss => "批准撤销",
        }
    }
}

/// The steps that are open to the author for a hazard, in the order of the loop.
#[must_use]
pub fn next(case: &Case, id: HazardId, context: &Context<'_>) -> Vec<Step> {
    if status::require_known(case).is_err() {
        return Vec::new();
    }
    let serve = |method| {
        case.notice.as_ref().is_some_and(|notice| {
            let service =
                Service { notice: notice.body.id, method, receiver: context.author.name.clone() };
            rectification::serve(&service, case, context).is_ok()
        })
    };
    let enterprise_acts = super::open(case, id, context.now).is_ok()
        && case
            .notice
            .as_ref()
            .is_some_and(|notice| super::of_enterprise(context, notice.body.enterprise).is_ok());
    let pending =
        case.hazards.get(&id).and_then(|hazard| status::pending_extension(hazard)).is_some();
    let open_steps = [
        (Step::ConfirmService, serve(ServiceMethod::Electronic)),
        (Step::Serve, serve(ServiceMethod::InPerson)),
        (Step::DecideMajor, rectification::decide_major(id, case, context).is_ok()),
        (Step::Reply, enterprise_acts),
        (Step::RequestExtension, rectification::request_extension(id, case, context).is_ok()),
        (
            Step::DecideExtension,
            pending && rectification::escalate(id, case, context).is_ok() && {
                context.author.role == crate::domain::account::Role::Supervisor
            },
        ),
        (Step::Recheck, rectification::may_recheck(id, case, context).is_ok()),
        (Step::Close, rectification::may_close(id, case, context).is_ok()),
        (Step::Escalate, rectification::escalate(id, case, context).is_ok()),
        (Step::ProposeDismissal, rectification::propose_dismissal(id, case, context).is_ok()),
        (Step::Dismiss, rectification::dismiss(id, case, context).is_ok()),
    ];
    open_steps.into_iter().filter(|(_, open)| *open).map(|(step, _)| step).collect()
}
