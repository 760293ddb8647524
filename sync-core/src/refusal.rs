//! Refusals: what people and other programs are told when something is not accepted.
//!
//! A code never changes its number or meaning, and the number of one that is gone (431) is not given again. `fixtures/vectors/refusals.json` and the table in
//! `server/docs/REFUSALS.md` are generated from [`Code::ALL`].

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What becomes of an item that is not accepted as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It may not exist: the sender keeps it and shows it as refused.
    Refuse,
    /// It is honest work that rules cannot place: the server keeps it byte for byte until a
    /// supervisor accepts or rejects it with a reason.
    Quarantine,
    /// The server could not judge it now: the sender sends it again.
    Retry,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $text:literal, $disposition:ident, $sentence:literal, $action:literal;)+) => {
        /// Stable reason of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $sentence] $name,)+
        }

        impl Code {
            /// Every code, ascending.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable number.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The stable name, for programs and documents.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// One plain sentence in Chinese.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }

            /// The one thing to do next, in Chinese.
            #[must_use]
            pub const fn action(self) -> &'static str {
                match self { $(Self::$name => $action,)+ }
            }

            /// What becomes of the item.
            #[must_use]
            pub const fn disposition(self) -> Disposition {
                match self { $(Self::$name => Disposition::$disposition,)+ }
            }

            /// The code with this number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    // 1xx: form
    IdMalformed = 101, "id_malformed", Refuse, "编号格式不正确。", "请检查编号后重新提交";
    FieldMissing = 102, "field_missing", Refuse, "有必填内容没有填写。", "请补填后重新提交";
    FieldTooLong = 103, "field_too_long", Refuse, "填写的内容太长。", "请精简后重新提交";
    FieldMalformed = 104, "field_malformed", Refuse, "填写的内容格式不正确。", "请修改后重新提交";
    TooMany = 105, "too_many", Refuse, "条目数量超过上限。", "请分开提交";
    TooLarge = 106, "too_large", Refuse, "数据太大，无法接收。", "请减小后重新提交";
    NotCanonical = 107, "not_canonical", Refuse, "数据编码不规范。", "请更新应用后重新提交";
    Malformed = 108, "malformed", Refuse, "数据已损坏，无法读取。", "请重新提交；仍失败请联系管理员";
    VersionUnsupported = 109, "version_unsupported", Refuse, "应用版本过旧或过新。", "请更新应用";
    KindUnknown = 110, "kind_unknown", Quarantine, "服务器还不认识这类记录，已原样保管。", "请等待服务器升级";
    CreditCodeInvalid = 111, "credit_code_invalid", Refuse, "统一社会信用代码校验不通过。", "请核对信用代码";
    // 2xx: proof of origin
    SuiteUnknown = 201, "suite_unknown", Refuse, "签名或摘要算法不受支持。", "请更新应用";
    SignatureInvalid = 202, "signature_invalid", Refuse, "签名验证不通过。", "请重新登记本设备";
    SignatureMalleable = 203, "signature_malleable", Refuse, "签名形式不规范。", "请更新应用";
    DeviceUnknown = 204, "device_unknown", Quarantine, "设备未登记，记录已原样保管。", "请重新登记设备，由主管确认";
    DeviceRevoked = 205, "device_revoked", Quarantine, "设备已停用，记录已原样保管。", "请联系主管确认";
    AuthorMismatch = 206, "author_mismatch", Refuse, "签名人与登录人不一致。", "请用本人账号提交";
    ChainBroken = 207, "chain_broken", Quarantine, "本机记录链不连续，记录已原样保管。", "请联系主管确认";
    ClockAhead = 208, "clock_ahead", Quarantine, "手机时间比服务器快得太多，记录已原样保管。", "请校准手机时间，由主管确认";
    WrongStream = 209, "wrong_stream", Refuse, "记录与所属卷宗不符。", "请更新应用后重新提交";
    DigestMismatch = 210, "digest_mismatch", Refuse, "文件内容与登记的摘要不一致。", "请重新上传该文件";
    ServerOnly = 211, "server_only", Refuse, "该类记录只能由服务器作出。", "请更新应用";
    // 3xx: account and authority
    NotSignedIn = 301, "not_signed_in", Refuse, "尚未登录或登录已过期。", "请重新登录";
    WrongPassword = 302, "wrong_password", Refuse, "用户名或密码不正确。", "请核对后重试";
    TooManyAttempts = 303, "too_many_attempts", Retry, "尝试次数过多。", "请稍后再试";
    RoleNotAllowed = 304, "role_not_allowed", Refuse, "您的岗位没有这项权限。", "请由有权限的人员办理";
    NotOnTeam = 305, "not_on_team", Quarantine, "您不是本次检查的成员，记录已原样保管。", "请由主管确认";
    OtherDepartment = 306, "other_department", Quarantine, "不属于您所在部门，记录已原样保管。", "请由主管确认";
    OtherEnterprise = 307, "other_enterprise", Refuse, "不属于您的企业。", "请核对后办理";
    AuthorRevoked = 308, "author_revoked", Quarantine, "采集时您的执法资格已失效，记录已原样保管。", "请联系主管确认";
    SamePerson = 309, "same_person", Refuse, "同一人不能既办理又审批。", "请由另一人审批";
    DepartmentNoPower = 310, "department_no_power", Refuse, "该部门没有执法权，不能出具文书。", "请移送有执法权的部门";
    CertificateMissing = 311, "certificate_missing", Refuse, "没有有效的执法证件。", "请由持证人员办理";
    NotFound = 312, "not_found", Refuse, "没有找到。", "请返回后刷新";
    ProofInvalid = 313, "proof_invalid", Refuse, "设备密钥验证不通过。", "请重新登记设备";
    TokenReused = 314, "token_reused", Refuse, "登录凭证已被使用过，为安全起见已退出。", "请重新登录";
    AccountDisabled = 315, "account_disabled", Refuse, "账号已停用。", "请联系管理员";
    RevokedEarlier = 316, "revoked_earlier", Refuse, "已从更早的时间起停用，停用时间只能提前。", "请填写更早的时间";
    LastAdministrator = 317, "last_administrator", Refuse, "不能停用最后一名系统管理员。", "请先增加另一名系统管理员";
    NotRevoked = 318, "not_revoked", Refuse, "账号没有停用。", "无需恢复";
    FreshSignInNeeded = 319, "fresh_sign_in_needed", Refuse, "登录已有一段时间，须重新输入密码。", "请重新登录后再登记设备";
    TooManyDevices = 320, "too_many_devices", Refuse, "登记的设备已达上限。", "请先停用不再使用的设备";
    PasswordChangeNeeded = 321, "password_change_needed", Refuse, "须先设置新密码。", "请设置新密码";
    OldPasswordWrong = 322, "old_password_wrong", Refuse, "原密码不正确。", "请核对后重试";
    PasswordUnfit = 323, "password_unfit", Refuse, "密码须为 10 至 128 个可见字符，不能是用户名，也不能是常见密码。", "请换一个密码";
    NotCompetent = 324, "not_competent", Refuse, "本部门对该行业没有检查和出具文书的权限。", "请由主管该行业的部门检查，或移送";
    // 4xx: order of steps
    AlreadyExists = 401, "already_exists", Refuse, "该记录已经存在。", "无需重复办理";
    NotPlanned = 402, "not_planned", Quarantine, "没有找到对应的检查任务，记录已原样保管。", "请由主管确认";
    TwoOfficersNeeded = 403, "two_officers_needed", Refuse, "检查须由两名以上执法人员进行。", "请补足执法人员";
    NotArrived = 404, "not_arrived", Refuse, "还没有入企登记。", "请先登记到达";
    DecisionNeeded = 405, "decision_needed", Refuse, "两名检查员的意见不一致，尚未裁定。", "请由负责人裁定";
    NotTheDecider = 406, "not_the_decider", Refuse, "只有指定的负责人可以裁定。", "请由负责人裁定";
    AlreadySealed = 407, "already_sealed", Quarantine, "检查记录已封存，修改已原样保管。", "请由主管确认";
    NotSealed = 408, "not_sealed", Refuse, "检查记录还没有封存。", "请先封存检查记录";
    SealMismatch = 409, "seal_mismatch", Refuse, "签名对应的不是当前封存的记录。", "请重新阅读并签名";
    ReasonNeeded = 410, "reason_needed", Refuse, "须写明理由。", "请填写理由";
    PhotoNeeded = 411, "photo_needed", Refuse, "缺少整改后的照片。", "请补拍整改后照片";
    PhotoReused = 412, "photo_reused", Refuse, "整改后的照片不能与发现时的照片相同。", "请重新拍摄";
    PhotoUnknown = 413, "photo_unknown", Refuse, "照片没有拍摄记录。", "请用应用重新拍摄";
    CriterionNeeded = 414, "criterion_needed", Refuse, "定为重大隐患须引用判定标准条款。", "请选择判定标准条款";
    NoticeNotIssued = 415, "notice_not_issued", Refuse, "整改指令书还没有出具。", "请稍后再试";
    NotServed = 416, "not_served", Refuse, "整改指令书还没有送达。", "请先确认送达";
    AlreadyServed = 417, "already_served", Refuse, "整改指令书已经送达。", "无需重复办理";
    HazardClosed = 418, "hazard_closed", Quarantine, "该隐患已经了结，记录已原样保管。", "请由主管确认";
    NotReplied = 419, "not_replied", Refuse, "企业还没有提交整改报告。", "请等待企业整改报告";
    NotRechecked = 420, "not_rechecked", Refuse, "还没有复查合格意见。", "请先复查";
    ExtensionPending = 421, "extension_pending", Refuse, "已有一个延期申请在审批中。", "请等待审批结果";
    ExtensionTooLate = 422, "extension_too_late", Refuse, "整改期限已过，不能再申请延期。", "请尽快整改并报告";
    ExtensionUnknown = 423, "extension_unknown", Refuse, "没有找到对应的延期申请。", "请刷新后重试";
    TermInvalid = 424, "term_invalid", Refuse, "整改期限不在允许的范围内。", "请重新选择期限";
    HazardUnknown = 425, "hazard_unknown", Refuse, "没有找到该隐患。", "请刷新后重试";
    NewerAppNeeded = 426, "newer_app_needed", Refuse, "卷宗中有本版本不认识的重要记录。", "请更新应用";
    EvidencePending = 427, "evidence_pending", Retry, "作为依据的照片还没有全部上传。", "照片传齐后自动继续";
    AlreadyDecided = 428, "already_decided", Refuse, "该事项已有处理结果。", "请刷新查看";
    NothingToDecide = 429, "nothing_to_decide", Refuse, "没有需要裁定的不同意见。", "请刷新查看";
    PlanRefsMissing = 430, "plan_refs_missing", Refuse, "检查任务缺少审批编号或依据。", "请补充审批编号";
    MajorUndecided = 432, "major_undecided", Refuse, "重大隐患的等级还没有认定。", "请先由主管认定等级";
    NotMajor = 433, "not_major", Refuse, "该隐患没有定为重大隐患。", "无需认定";
    PartMissing = 434, "part_missing", Refuse, "有成员的部分没有纳入记录，也没有说明原因。", "请等待其完成，或写明不等待的原因";
    RecordDamaged = 435, "record_damaged", Retry, "卷宗中有记录已损坏，暂停办理。", "请联系管理员恢复，已记录的内容不受影响";
    OutsideWindow = 436, "outside_window", Quarantine, "不在检查任务规定的日期内，记录已原样保管。", "请由主管补办审批后确认";
    ClauseNeeded = 437, "clause_needed", Refuse, "隐患没有写明依据的条款。", "请选择依据的条款";
    RetriesUsedUp = 438, "retries_used_up", Refuse, "已经再次限期过，不能再由执法人员限期。", "请由主管决定";
    ExtensionsUsedUp = 439, "extensions_used_up", Refuse, "该隐患的延期次数已用完。", "请按期整改并报告";
    ExtensionTooLong = 440, "extension_too_long", Refuse, "批准的延期超过企业的申请或规定的上限。", "请缩短延期";
    InternalMatter = 441, "internal_matter", Refuse, "内部事项不能写入企业看得到的卷宗。", "请更新应用后办理";
    AlreadyMajor = 442, "already_major", Refuse, "该隐患已经是重大隐患。", "无需办理";
    ConsentNeeded = 443, "consent_needed", Refuse, "企业没有同意电子送达。", "请先同意电子送达，或由执法人员直接送达";
    SignatureNeeded = 444, "signature_needed", Refuse, "缺少收件人的签名。", "请收件人签名；拒收的按留置送达办理";
    WitnessNeeded = 445, "witness_needed", Refuse, "留置送达须写明拒收理由，并有见证人或照片。", "请补充理由和见证人或照片";
    NotNamed = 446, "not_named", Refuse, "该记录写明的另一名执法人员不是您。", "请由写明的人员签名";
    PlanNeeded = 447, "plan_needed", Refuse, "重大隐患还没有整改方案。", "请企业先提交整改方案";
    ResumptionNeeded = 448, "resumption_needed", Refuse, "责令停止的决定还没有经同意解除。", "请先审批恢复生产或使用";
    NotStopped = 449, "not_stopped", Refuse, "该隐患没有责令停止，或者已经同意恢复。", "无需办理";
    SignaturesMissing = 450, "signatures_missing", Refuse, "检查记录还没有签齐。", "请先由另一名执法人员和被检查单位签名";
    NumberNotLeased = 451, "number_not_leased", Quarantine, "文号没有配发给本设备，记录已原样保管。", "请由主管核对后确认";
    NumberTaken = 452, "number_taken", Quarantine, "文号已被另一份文书使用，记录已原样保管。", "请由主管核对后确认";
    PaperUnknown = 453, "paper_unknown", Refuse, "这份文书没有出具，或者已经更正。", "请刷新后查看最新的一份";
    OtherApproverNeeded = 455, "other_approver_needed", Refuse, "不认定该隐患为重大隐患的主管，不能再由本人销号。", "请由另一名主管审批销号";
    TermsUsedUp = 456, "terms_used_up", Refuse, "主管再次限期的次数已用完。", "请依法采取其他处置措施";
    PaperDiffers = 457, "paper_differs", Quarantine, "当场出具的文书与已知的检查记录不一致，记录已原样保管。", "请由主管核对后确认";
    EvidenceUnreadable = 461, "evidence_unreadable", Refuse, "作为依据的照片损坏，无法显示。", "请退回，由拍摄者重新拍照上传";
    // 5xx: drafts
    ChangeRefused = 501, "change_refused", Refuse, "草稿改动不符合规范。", "请更新应用后重新提交";
    ChangeTooLarge = 502, "change_too_large", Refuse, "草稿改动太大。", "请分开保存";
    ChangeWaiting = 503, "change_waiting", Retry, "草稿改动缺少前面的部分。", "稍后自动重试";
    PathNotAllowed = 504, "path_not_allowed", Refuse, "不能修改草稿的这一部分。", "请更新应用";
    DraftFull = 505, "draft_full", Refuse, "草稿内容已达上限。", "请封存后另建检查";
    // 6xx: exchange and files
    CursorInvalid = 601, "cursor_invalid", Refuse, "同步位置无效。", "将自动从头同步";
    BlobUnexpected = 602, "blob_unexpected", Refuse, "没有记录引用该文件。", "请先同步记录";
    BlobOffset = 603, "blob_offset", Refuse, "续传位置不一致。", "将自动从正确位置续传";
    BlobEmpty = 604, "blob_empty", Refuse, "文件是空的。", "请重新拍摄";
    BlobNotImage = 605, "blob_not_image", Refuse, "不是支持的图片格式。", "请用应用拍摄";
    RateLimited = 606, "rate_limited", Retry, "提交过于频繁。", "稍后自动重试";
    ServerBusy = 607, "server_busy", Retry, "服务器繁忙。", "稍后自动重试";
    StorageFailed = 608, "storage_failed", Retry, "服务器未能保存。", "稍后自动重试";
    MethodNotAllowed = 609, "method_not_allowed", Refuse, "不支持这种操作。", "请更新应用";
    BlobTorn = 610, "blob_torn", Refuse, "照片不完整。", "请重拍";
    BlobUndecodable = 611, "blob_undecodable", Refuse, "照片无法显示，原件已妥善保存。", "请下载原件查看";
    PhotoPixels = 612, "photo_pixels", Refuse, "照片像素过高。", "请在相机里改用标准模式";
    BlobDamaged = 613, "blob_damaged", Retry, "照片在服务器上已损坏。", "请联系管理员恢复";
    QuarantineFull = 614, "quarantine_full", Retry, "等待主管处理的记录已达上限，这些内容保存在本机。", "请联系主管先处理待处理的记录，之后自动继续";
    PartsFull = 615, "parts_full", Retry, "没有传完的照片太多。", "请先等已开始的照片传完，之后自动继续";
    // 7xx: this device
    DeviceFull = 701, "device_full", Retry, "手机存储空间不足。", "请清理空间，未上传的记录不会删除";
    DeviceLocked = 702, "device_locked", Refuse, "应用已锁定。", "请先解锁";
    DeviceStore = 703, "device_store", Retry, "手机存储出错。", "请重启应用；已保存的记录不受影响";
    NetworkLost = 704, "network_lost", Retry, "网络不通。", "联网后自动继续";
    KeyUnavailable = 705, "key_unavailable", Refuse, "设备密钥不可用。", "请重新登记设备";
    NotEnrolled = 706, "not_enrolled", Refuse, "本设备还没有登记。", "请登录并登记设备";
    DeviceInUse = 707, "device_in_use", Refuse, "已在另一处打开。", "请先关闭另一处，或在此等待";
    DeviceClosed = 708, "device_closed", Refuse, "本机数据已关闭。", "请重新打开应用";
    AppError = 709, "app_error", Refuse, "应用出错。", "请重新打开应用；已保存的记录不受影响";
    NetworkForeign = 710, "network_foreign", Retry, "网络被拦截，返回的不是本系统的应答。", "请完成联网登录或更换网络后重试";
    WorkUnsent = 711, "work_unsent", Refuse, "还有内容没有上传。", "请联网同步后再退出";
    WorkRefused = 712, "work_refused", Refuse, "有未被接收的内容只保存在本机。", "请联系主管处理后再退出";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

// The stable names, so that an app that handles one misspells none.
#[cfg(feature = "ts")]
impl ts_rs::TS for Code {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "Code".to_owned()
    }

    fn inline(_: &ts_rs::Config) -> String {
        let names: Vec<_> = Self::ALL.iter().map(|code| format!("\"{}\"", code.name())).collect();
        names.join(" | ")
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type Code = {};", Self::inline(config))
    }

    fn decl_concrete(config: &ts_rs::Config) -> String {
        Self::decl(config)
    }

    fn output_path() -> Option<std::path::PathBuf> {
        Some("Code.ts".into())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<_> = Self::ALL.iter().map(|code| code.name()).collect();
        schemars::json_schema!({
            "description": "Stable reason of a refusal.", "type": "string", "enum": names,
        })
    }
}

impl<C> Encode<C> for Code {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Code {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        // A newer server may know codes that this build does not; the item is shown as unreadable.
        Ok(Self::from_number(d.u16()?).unwrap_or(Self::VersionUnsupported))
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.name() == name)
            .ok_or_else(|| serde::de::Error::custom("unknown refusal code"))
    }
}

/// Why something was not accepted: the code, the field it is about and a detail for programs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "Reason"))]
#[cbor(array)]
#[error("{}{}{}", code.name(), at(field.as_ref()), at(detail.as_ref()))]
pub struct Refusal {
    /// The stable reason.
    #[n(0)]
    pub code: Code,
    /// The field, where one is to blame.
    #[n(1)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// More for programs and logs; never names, places or texts of people.
    #[n(2)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

fn at(part: Option<&String>) -> String {
    part.map_or_else(String::new, |part| format!(" [{part}]"))
}

impl Refusal {
    /// A refusal with its code alone.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, field: None, detail: None }
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds a detail for programs.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}
