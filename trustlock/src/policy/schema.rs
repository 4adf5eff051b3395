//! The JSON Schema of the policy, made from the declared keys.
