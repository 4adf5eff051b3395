//! Outputs: one file a format, each made from a [`crate::model::Report`] alone. Only here do spans
//! become lines and columns.
