//! Generates the models into OUT_DIR, where src/main.rs includes them.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    schemacast::Config::new()
        .manifest("schema.yaml")
        .targets(["models"])
        .include_file("schema.rs")
        // A change of the schema that Rust has no value for stops the build,
        // unless project.yaml accepts it.
        .deny(["RUS"])
        .emit_rerun_if_changed(true)
        .generate()?;
    Ok(())
}
