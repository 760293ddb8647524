//! Who may do what, when: one table per statement, written by hand from the law of the loop.
//!
//! A line refuses with its code for the people and the stages that it names; every line that fits
//! speaks, the first one to people; where none fits, the statement is let through. People and stages are
//! names, groups of names (see [`group`]), `*` for all, or after `!` everyone and everything else.

/// `(code, people, stages)`.
pub(crate) type Line = (&'static str, &'static str, &'static str);

/// What an officer's act needs first.
const OFFICER: &[Line] =
    &[("role_not_allowed", "!inspectors", "*"), ("certificate_missing", "uncertified", "*")];
const ON_TEAM: &[Line] =
    &[("not_planned", "*", "empty"), ("not_on_team", "colleague stranger", "*")];
const OF_ENTERPRISE: &[Line] = &[
    ("notice_not_issued", "*", "early"),
    ("role_not_allowed", "!safety other_safety", "*"),
    ("other_enterprise", "other_safety", "*"),
];
const OFFICER_OF_DEPARTMENT: &[Line] =
    &[("notice_not_issued", "*", "early"), ("other_department", "stranger", "*")];
const SUPERVISOR: &[Line] = &[
    ("role_not_allowed", "!supervisors", "*"),
    ("notice_not_issued", "*", "early"),
    ("other_department", "other_supervisor", "*"),
];
const OPEN: &[Line] = &[("not_served", "*", "unserved"), ("hazard_closed", "*", "settled")];
const RECHECKABLE: &[Line] = &[
    ("not_replied", "*", "served asked extended not_extended failed proposed"),
    ("already_exists", "*", "rechecked"),
];
const CLOSABLE: &[Line] = &[
    ("not_rechecked", "*", "!rechecked"),
    ("same_person", "witness_supervisor", "*"),
    ("major_undecided", "*", "major_passed"),
];
const SERVER: &[Line] = &[("server_only", "*", "*")];

/// The table of a statement; its parts in order.
pub(crate) fn of(statement: &str) -> Vec<Line> {
    let parts: &[&[Line]] = match statement {
        "notice" | "deadline" => return SERVER.to_vec(),
        "plan" => &[&[
            ("role_not_allowed", "!supervisors", "*"),
            ("other_department", "other_supervisor", "*"),
            ("already_exists", "*", "!empty"),
        ]],
        "plan.powerless" => {
            &[&[("role_not_allowed", "!supervisors", "*"), ("other_department", "*", "*")]]
        }
        "arrive" => &[
            OFFICER,
            ON_TEAM,
            &[("already_sealed", "*", "sealed_on"), ("already_exists", "lead second", "arrived")],
        ],
        "capture.found" => &[
            &[("role_not_allowed", "!inspectors assistant expert", "*")],
            ON_TEAM,
            &[
                ("not_arrived", "lead second", "planned"),
                ("not_arrived", "uncertified", "*"),
                ("already_sealed", "*", "sealed_on"),
            ],
        ],
        "capture.signature" => &[OFFICER, ON_TEAM, &[("not_sealed", "*", "planned arrived")]],
        "capture.rectified" => &[OF_ENTERPRISE, OPEN],
        "capture.recheck" => {
            &[&[("notice_not_issued", "*", "early")], OFFICER, OFFICER_OF_DEPARTMENT, OPEN]
        }
        "capture.misplaced" => &[&[("wrong_stream", "*", "*")]],
        "decide" | "decide.same" => &[
            OFFICER,
            ON_TEAM,
            &[("not_the_decider", "second", "*"), ("already_sealed", "*", "sealed_on")],
        ],
        "seal" | "seal.unknown_photo" => &[
            OFFICER,
            ON_TEAM,
            &[("not_arrived", "*", "planned"), ("already_sealed", "*", "sealed_on")],
        ],
        "cosign" | "cosign.other_seal" => {
            &[OFFICER, ON_TEAM, &[("not_sealed", "*", "planned arrived")]]
        }
        "party.refused" | "party.signed_unseen" => {
            &[OFFICER, ON_TEAM, &[("not_sealed", "*", "planned arrived")]]
        }
        "serve.electronic" => &[OF_ENTERPRISE, &[("already_served", "*", "served_on")]],
        "serve.in_person" => &[
            &[("notice_not_issued", "*", "early")],
            OFFICER,
            OFFICER_OF_DEPARTMENT,
            &[("already_served", "*", "served_on")],
        ],
        "reply.unknown_hazard" | "reply.fixed_hazard" => &[OF_ENTERPRISE],
        "reply" | "reply.found_photo" | "reply.uncaptured" | "reply.first_photo" => {
            &[OF_ENTERPRISE, OPEN]
        }
        "extension.request" => &[
            OF_ENTERPRISE,
            OPEN,
            &[
                ("extension_pending", "*", "asked"),
                ("extension_too_late", "*", "overdue escalated"),
            ],
        ],
        "extension.grant" | "extension.refuse" => &[
            SUPERVISOR,
            OPEN,
            &[
                ("extension_unknown", "*", "!asked extended not_extended"),
                ("already_decided", "*", "extended not_extended"),
            ],
        ],
        "recheck.pass"
        | "recheck.fail"
        | "recheck.no_photo"
        | "recheck.found_photo"
        | "recheck.reply_photo" => &[OFFICER, OFFICER_OF_DEPARTMENT, OPEN, RECHECKABLE],
        "close.approve"
        | "close.return"
        | "close.no_evidence"
        | "close.found_photo"
        | "close.loose_photo"
        | "close.other_recheck" => &[SUPERVISOR, OPEN, CLOSABLE],
        "escalate" => &[
            &[
                ("role_not_allowed", "!supervisors coordinator", "*"),
                ("notice_not_issued", "*", "early"),
                ("other_department", "other_supervisor", "*"),
            ],
            OPEN,
        ],
        "dismissal.propose" => {
            &[OFFICER, OFFICER_OF_DEPARTMENT, &[("hazard_closed", "*", "settled")]]
        }
        "dismiss" => &[
            SUPERVISOR,
            &[("hazard_closed", "*", "settled"), ("nothing_to_decide", "*", "!proposed")],
        ],
        "major.unknown_hazard" | "major.fixed_hazard" => &[SUPERVISOR],
        "major.uphold" | "major.lower" => &[
            SUPERVISOR,
            &[
                ("hazard_closed", "*", "settled"),
                ("not_major", "*", "!major_issued major_passed upheld lowered"),
                ("same_person", "witness_supervisor", "*"),
                ("already_decided", "*", "upheld lowered"),
            ],
        ],
        _ => &[&[("no_table", "*", "*")]],
    };
    let last = ends(statement);
    let foreign: &[Line] = &[("newer_app_needed", "*", "foreign")];
    [foreign].iter().chain(parts).chain([&last]).flat_map(|part| part.iter().copied()).collect()
}

/// What is wrong with the statement itself, once person and stage would let it through.
fn ends(statement: &str) -> &'static [Line] {
    match statement {
        "decide.same" => &[("nothing_to_decide", "*", "*")],
        "cosign" => &[("same_person", "lead", "*"), ("already_exists", "*", "!sealed")],
        "cosign.other_seal" => &[("seal_mismatch", "*", "*")],
        "party.refused" => &[("already_exists", "*", "!sealed cosigned")],
        "reply.unknown_hazard"
        | "reply.fixed_hazard"
        | "major.unknown_hazard"
        | "major.fixed_hazard" => &[("hazard_unknown", "*", "*")],
        "reply.found_photo" | "recheck.found_photo" | "close.found_photo" => {
            &[("photo_reused", "*", "*")]
        }
        "reply.first_photo" => &[("photo_reused", "*", "failed replied_again")],
        "recheck.reply_photo" => {
            &[("photo_reused", "*", "replied_again"), ("photo_unknown", "*", "*")]
        }
        "seal.unknown_photo" | "party.signed_unseen" | "reply.uncaptured" | "close.loose_photo" => {
            &[("photo_unknown", "*", "*")]
        }
        "recheck.no_photo" | "close.no_evidence" => &[("photo_needed", "*", "*")],
        "close.other_recheck" => &[("not_rechecked", "*", "*")],
        _ => &[],
    }
}

/// A group of people or stages, or the name itself.
fn group(name: &str) -> &str {
    match name {
        "inspectors" => "lead second colleague stranger uncertified",
        "supervisors" => "supervisor other_supervisor witness_supervisor",
        "early" => "empty planned arrived sealed cosigned complete",
        "unserved" => "issued major_issued",
        "rechecked" => "passed passed_again major_passed upheld lowered",
        "settled" => "closed dismissed major_closed",
        _ => name,
    }
}

/// Whether a list of names holds a name.
pub(crate) fn names(list: &str, name: &str) -> bool {
    let holds = |list: &str| {
        list.split(' ').flat_map(|word| group(word).split(' ')).any(|word| match word {
            "*" => true,
            "sealed_on" => !matches!(name, "empty" | "planned" | "arrived"),
            "served_on" => !names("early unserved", name),
            word => word == name,
        })
    };
    list.strip_prefix('!').map_or_else(|| holds(list), |rest| !holds(rest))
}

/// Everything that the table says of one cell, what people are told of first.
pub(crate) fn verdict(statement: &str, who: &str, stage: &str) -> String {
    let fits = |(_, people, stages): &Line| names(people, who) && names(stages, stage);
    let mut codes: Vec<&str> = Vec::new();
    for (code, ..) in of(statement).into_iter().filter(fits) {
        if !codes.contains(&code) {
            codes.push(code);
        }
        if matches!(code, "newer_app_needed" | "server_only") {
            break;
        }
    }
    if codes.is_empty() { "ok".to_owned() } else { codes.join(" ") }
}
