//! Reading `.cargo/config.toml`, its `include`s and its legacy twin into flat settings.
