//! Laying policies over each other: presets, `extends`, overlays, nested policies.
