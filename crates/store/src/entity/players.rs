use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "players")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// Unique: the form by which addresses are compared.
    pub email_key: String,
    pub password_hash: String,
    pub city: String,
    pub country: String,
    /// City, country and full name as [`crate::key`] makes them comparable.
    pub city_key: String,
    pub country_key: String,
    pub name_key: String,
    pub role: String,
    pub created_at: DateTimeUtc,
    /// Sessions and access tokens from before are over.
    pub sessions_revoked_at: Option<DateTimeUtc>,
    /// Keyed hashes of where the sign-up came from; removed after
    /// `vote_review.keep_hashes_days`.
    pub signup_network: Option<String>,
    pub signup_device: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
