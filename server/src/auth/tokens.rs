//! Access tokens and refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use ring::hmac;
use serde::{Deserialize, Serialize};
use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

/// How long an access token works.
pub const ACCESS_MS: i64 = 10 * 60_000;
/// How long a session can be renewed without a password.
pub const SESSION_MS: i64 = 90 * 24 * 3_600_000;
/// How long the token before the current one gives the current one again.
pub const GRACE_MS: i64 = 60_000;

const ISSUER: &str = "zhicha";
const AUDIENCE: &str = "zhicha-api";
const KIND: &str = "at+jwt";

/// The keys of tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    refresh: hmac::Key,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// What an access token says (RFC 9068).
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: PersonId,
    /// The family of refresh tokens that it belongs to.
    sid: String,
    /// When the password was given.
    #[serde(default)]
    auth_time: i64,
    /// [`ONLY_PASSWORD`], or nothing for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The scope of tokens with which a new password can be set and nothing else be done.
const ONLY_PASSWORD: &str = "password";

/// What an access token gives access to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whose token it is.
    pub person: PersonId,
    /// The family of refresh tokens that it belongs to.
    pub family: [u8; 16],
    /// When the password was given, to the second.
    pub password_at: Timestamp,
    /// Whether a new password can be set with it and nothing else be done.
    pub only_password: bool,
}

fn not_signed_in() -> Refusal {
    Refusal::new(Code::NotSignedIn)
}

impl Tokens {
    /// Derives the keys from the server's secret.
    #[must_use]
    pub fn derive(secret: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let access = hmac::sign(&root, b"zhicha access token v1");
        let refresh = hmac::sign(&root, b"zhicha refresh token v1");
        Self {
            encoding: EncodingKey::from_secret(access.as_ref()),
            decoding: DecodingKey::from_secret(access.as_ref()),
            refresh: hmac::Key::new(hmac::HMAC_SHA256, refresh.as_ref()),
        }
    }

    /// An access token and when it ends.
    ///
    /// # Errors
    /// [`Code::KeyUnavailable`] when it cannot be signed.
    pub fn access(&self, access: Access, now: Timestamp) -> Result<(String, Timestamp), Refusal> {
        let until = now.plus_millis(ACCESS_MS);
        let seconds = now.as_millis() / 1000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: access.person,
            sid: URL_SAFE_NO_PAD.encode(access.family),
            auth_time: access.password_at.as_millis() / 1000,
            scope: access.only_password.then(|| ONLY_PASSWORD.to_owned()),
            iat: seconds,
            nbf: seconds,
            exp: until.as_millis() / 1000,
        };
        let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        let token = jsonwebtoken::encode(&header, &claims, &self.encoding)
            .map_err(|_| Refusal::new(Code::KeyUnavailable))?;
        Ok((token, until))
    }

    /// What an access token gives access to. The server's own clock judges its time.
    ///
    /// # Errors
    /// [`Code::NotSignedIn`] for a token that is not ours or not valid now.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Access, Refusal> {
        let mut validation = Validation::new(jsonwebtoken::Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let read = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation)
            .map_err(|_| not_signed_in())?;
        let seconds = now.as_millis() / 1000;
        let in_time = read.claims.nbf <= seconds && seconds < read.claims.exp;
        if in_time && read.header.typ.as_deref() == Some(KIND) {
            let family = URL_SAFE_NO_PAD.decode(&read.claims.sid).map_err(|_| not_signed_in())?;
            return Ok(Access {
                person: read.claims.sub,
                family: family.try_into().map_err(|_| not_signed_in())?,
                password_at: Timestamp::from_millis(read.claims.auth_time.saturating_mul(1000)),
                only_password: match read.claims.scope.as_deref() {
                    None => false,
                    Some(ONLY_PASSWORD) => true,
                    Some(_) => return Err(not_signed_in()),
                },
            });
        }
        Err(not_signed_in())
    }

    /// The successor of a refresh token. It follows from the token, so that it can be given again
    /// without being stored.
    #[must_use]
    pub fn successor(&self, secret: &[u8]) -> Vec<u8> {
        hmac::sign(&self.refresh, secret).as_ref().to_vec()
    }
}

/// A refresh token as text: the family's name and a secret.
#[must_use]
pub fn refresh_text(family: [u8; 16], secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([family.as_slice(), secret].concat())
}

/// Family and secret of a refresh token.
///
/// # Errors
/// [`Code::NotSignedIn`] for text of another form.
pub fn read_refresh(text: &str) -> Result<([u8; 16], Vec<u8>), Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| not_signed_in())?;
    let (family, secret) = bytes.split_at_checked(16).ok_or_else(not_signed_in)?;
    Ok((family.try_into().map_err(|_| not_signed_in())?, secret.to_vec()))
}
