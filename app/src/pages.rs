//! The pages, a folder each: the view, and `server.rs` with its server functions.

pub mod billing_accounts;
pub mod catalog;
pub mod checkout;
pub mod clock;
pub mod home;
pub mod invoice;
pub mod invoices;
pub mod license_product;
pub mod licenses;
pub mod link;
pub mod my_licenses;
pub mod not_found;
pub mod order;
pub mod organizations;
pub mod payment_methods;
pub mod product;
pub mod product_details;
pub mod products;
pub mod settings;
pub mod sign_in;
pub mod trial;
