#![allow(clippy::unwrap_used)]

use super::*;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn where_paths_lead() {
    for machine in [
        "/usr/bin/clang",
        "/nix/store/abc/bin/ld",
        "/opt/homebrew/lib",
        "C:\\Program Files\\LLVM\\bin\\lld-link.exe",
    ] {
        assert_eq!(folder(machine), Reach::Machine, "{machine}");
    }
    for checkout in ["tools/x", "./x", "x", "..", "../x", "", ".\\x"] {
        assert_eq!(folder(checkout), Reach::Checkout, "{checkout}");
    }
    for elsewhere in [
        "/tmp/x",
        "/home/runner/work/r/r/x",
        "/usr/../tmp/x",
        "/usrlocal/x",
        "/proc/self/cwd/x",
        "D:\\a\\r\\x",
    ] {
        assert_eq!(folder(elsewhere), Reach::Elsewhere, "{elsewhere}");
    }
}

#[test]
fn programs_by_name_are_the_machines() {
    for name in ["sccache", "rust-lld", "qemu-system-arm", "ld.lld"] {
        assert_eq!(program(name), Reach::Machine);
    }
    for path in ["./sccache", "tools/ld", "tools\\ld.exe", ""] {
        assert_eq!(program(path), Reach::Checkout, "{path}");
    }
}

#[test]
fn arguments_that_run_something_of_the_checkout() {
    for healthy in [
        "probe-rs run --chip STM32F411RE",
        "qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -nographic -kernel",
        "arm-none-eabi-gdb -q -x openocd.gdb",
        "sudo -E",
        "gcloud auth print-access-token",
        "env RUST_LOG=info",
    ] {
        assert_eq!(arguments_reach(&words(healthy)), None, "{healthy}");
    }
    for foreign in ["sh tools/run", "bash run.sh", "python3 run.py", "sudo ./run.sh", "env ./x", "sh -c evil"]
    {
        assert!(arguments_reach(&words(foreign)).is_some(), "{foreign}");
    }
}

#[test]
fn flags_that_load_code() {
    for foreign in [
        "-Clinker=./x",
        "-C linker=tools/ld",
        "--codegen linker=x/y",
        "--codegen=linker=x/y",
        "-Clinker=/tmp/x",
        "-Clink-arg=evil.o",
        "-Clink-args=./evil.o",
        "-Zpre-link-args=evil.o",
        "-Zcodegen-backend=evil.so",
        "-Z codegen_backend=./evil.so",
        "-Zllvm-plugins=evil.so",
        "-Cllvm-args=-load=evil.so",
        "-Clinker-plugin-lto=evil.so",
        "-Clinker_plugin_lto=evil.so",
        "-L native=lib",
        "-Llib",
        "--extern serde=evil.rlib",
        "--sysroot sys",
        "@flags",
    ] {
        assert!(rustc_flags(&words(foreign)).is_some(), "{foreign}");
    }
    let one = ["-C".to_owned(), "link-args=-lm evil.o".to_owned()];
    assert_eq!(rustc_flags(&one), Some(("evil.o".to_owned(), Reach::Checkout)));
    for healthy in [
        "-C target-cpu=native",
        "-Clinker=clang",
        "-Clinker=/usr/bin/clang",
        "-Clink-arg=-fuse-ld=lld",
        "-Clink-arg=-fuse-ld=/usr/bin/mold",
        "-C link-arg=-Tlink.x -C link-arg=-Tdefmt.x",
        "-C link-arg=-undefined -C link-arg=dynamic_lookup",
        "-Clinker-plugin-lto",
        "-Zcodegen-backend=cranelift",
        "-L /usr/lib -Lnative=/opt/lib",
        "--cfg tokio_unstable --check-cfg cfg(x) -D warnings",
        "--extern serde",
        "-Zshare-generics=y -Zthreads=8",
    ] {
        assert_eq!(rustc_flags(&words(healthy)), None, "{healthy}");
    }
}

#[test]
fn linker_arguments_that_load_code() {
    for foreign in [
        "evil.o",
        "./lib/evil.a",
        "evil",
        "-O1 evil",
        "-T x.ld evil.o",
        "-Wl,evil.o",
        "-Wl,--whole-archive,libevil.a",
        "-Wl,-plugin,evil.so",
        "-Xlinker evil.o",
        "-Ltools",
        "-L tools",
        "-Btools",
        "-fuse-ld=./ld",
        "--ld-path=tools/ld",
        "-specs=evil.specs",
        "-Wl,-rpath,./lib",
        "/LIBPATH:lib",
        "-l../evil",
        "@args",
    ] {
        assert!(linker_arguments(&words(foreign)).is_some(), "{foreign}");
    }
    for healthy in [
        "-T link.x",
        "-Tlayout.ld",
        "--nmagic",
        "-nostartfiles",
        "-z relro -z now",
        "-framework CoreFoundation",
        "-Wl,-rpath,$ORIGIN/../lib",
        "-Wl,-rpath,@loader_path",
        "-Wl,--version-script=x.map",
        "-Wl,-sectcreate,__TEXT,__info_plist,Info.plist",
        "/STACK:8388608",
        "/NODEFAULTLIB:libcmt /DEFAULTLIB:ucrt",
        "-lm",
        "-sUSE_SDL=2 -s ASYNCIFY",
        "-Wl,-z,max-page-size=4096",
        "-Wl,--dynamic-list=api.txt",
    ] {
        assert_eq!(linker_arguments(&words(healthy)), None, "{healthy}");
    }
}

#[test]
fn search_paths() {
    assert_eq!(search_path("/usr/bin:/bin"), None);
    assert_eq!(search_path("/usr/bin:./tools"), Some(("./tools", Reach::Checkout)));
    assert_eq!(search_path("$PATH:/usr/bin"), Some(("$PATH", Reach::Checkout)));
    assert_eq!(search_path("C:\\Windows;C:\\a\\r"), Some(("C:\\a\\r", Reach::Elsewhere)));
}

#[test]
fn variables_that_stand_for_keys() {
    let cases = [
        ("RUSTC_WRAPPER", Some("build.rustc-wrapper")),
        ("CARGO_BUILD_RUSTC", Some("build.rustc")),
        ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", Some("target.x86-64-unknown-linux-gnu.linker")),
        ("CARGO_REGISTRIES_ACME_INDEX", Some("registries.acme.index")),
        ("CARGO_SOURCE_CRATES_IO_REPLACE_WITH", Some("source.crates-io.replace-with")),
        ("CARGO_HTTP_CHECK_REVOKE", Some("http.check-revoke")),
        ("CARGO_TARGET_DIR", Some("build.target-dir")),
        ("CARGO_ALIAS_DENY", Some("alias.deny")),
        ("CARGO_WORKSPACE_DIR", None),
        ("OPENSSL_DIR", None),
    ];
    for (name, expected) in cases {
        assert_eq!(environment::meaning(name).map(|key| dotted(&key)).as_deref(), expected, "{name}");
    }
}

#[test]
fn pasted_strings_read_back() {
    for text in ["plain", "with \"quotes\"", "it's", "back\\slash", "both ' and \"", "tab\tand\u{1b}"] {
        let document = format!("x = {}", toml_string(text));
        let table = toml::de::DeTable::parse(&document).unwrap();
        assert_eq!(table.get_ref().get("x").and_then(|v| v.get_ref().as_str()), Some(text));
    }
}
