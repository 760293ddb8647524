//! Names, dates and instants cross the border as plain text and numbers and are checked on the way in.

use sync_core::domain::enterprise::CreditCode;
use sync_core::id::{
    DepartmentId, DeviceId, Digest, EnterpriseId, HazardId, InspectionId, ItemCode, NoticeId,
    PersonId, SectorCode, SeriesId, StreetCode,
};
use sync_core::time::{CivilDate, Timestamp};

use crate::DeviceError;

macro_rules! text {
    ($($name:ident),+ $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            lower: |name| name.to_string(),
            try_lift: |text| text.parse::<$name>().map_err(|refusal| DeviceError::from(refusal).into()),
        });
    )+};
}

text! {
    CivilDate, DepartmentId, DeviceId, Digest, EnterpriseId, HazardId, InspectionId, ItemCode, NoticeId, PersonId,
    SectorCode, SeriesId, StreetCode,
}

uniffi::custom_type!(CreditCode, String, {
    remote,
    lower: |code| code.as_str().to_owned(),
    try_lift: |text| CreditCode::parse(&text).map_err(|refusal| DeviceError::from(refusal).into()),
});

uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |instant| instant.as_millis(),
    try_lift: |millis| Ok(Timestamp::from_millis(millis)),
});
