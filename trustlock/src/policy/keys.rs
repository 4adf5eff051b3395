//! Every key of a policy, declared once: the reader, the schema and the reference page come from here.
