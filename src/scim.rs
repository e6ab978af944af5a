//! SCIM 2.0 on the wire: the JSON shapes of RFC 7643 and RFC 7644 that the client and the embedded service both speak.
//!
//! Shapes only: no I/O, no policy, no HTTP framework, and nothing from another module of this crate. Base URLs are
//! passed in by whoever builds a resource.

pub mod discovery;
pub mod element;
mod lenient;
pub mod message;
pub mod role;
pub mod user;

/// The media type of every SCIM body (RFC 7644 section 3.1).
pub const MEDIA_TYPE: &str = "application/scim+json";

/// The schema of the core User (RFC 7643 section 4.1).
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The schema of what the embedded service knows of a user beyond the core: status and the dates of its life.
pub const ACCOUNT_USER: &str = "urn:roster:params:scim:schemas:extension:account:2.0:User";

/// The schema of a role (IETF draft "SCIM Roles and Entitlements").
pub const ROLE: &str = "urn:ietf:params:scim:schemas:core:2.0:Role";

/// The schema of what the embedded service knows of a role beyond the draft: what it is for, and its permission sets.
pub const ACCOUNT_ROLE: &str = "urn:roster:params:scim:schemas:extension:account:2.0:Role";

/// The schema of `/ServiceProviderConfig` (RFC 7643 section 5).
pub const SERVICE_PROVIDER_CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// The schema of an entry of `/ResourceTypes` (RFC 7643 section 6).
pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

/// The schema of an entry of `/Schemas` (RFC 7643 section 7).
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// The schema of a listing (RFC 7644 section 3.4.2).
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// The schema of a PATCH body (RFC 7644 section 3.5.2).
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The schema of an error body (RFC 7644 section 3.12).
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
