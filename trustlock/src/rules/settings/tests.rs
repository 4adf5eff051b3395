#![allow(clippy::unwrap_used)]

use super::reach::search_path;
use super::*;
use crate::evidence::settings::Named;

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
    // What stands in the checkout: two files without endings, data, a script, two folders.
    let named = |word: &str| match word.trim_start_matches("./") {
        "evil" | "tools/evil" | "partitions.csv" | "openocd.gdb" | "run.lua" => Some(Named::File),
        "auth" | "tools" | "acme" | "dir" => Some(Named::Folder),
        _ => None,
    };
    let reach =
        |text: &str, care| arguments_reach(&words(text), named, care).map(|(word, _)| word.to_owned());
    for healthy in [
        "probe-rs run --chip STM32F411RE",
        "qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -nographic -semihosting-config enable=on -kernel",
        "arm-none-eabi-gdb -q -x openocd.gdb",
        "espflash flash --monitor -T partitions.csv --port /dev/ttyUSB0",
        "espflash flash --partition-table=./partitions.csv /dev/ttyACM0",
        "wasmtime run --dir=. --dir ./dir",
        "cargo run --package acme --",
        "bootimage runner",
        "sudo -E",
        "gcloud auth print-access-token",
        "env RUST_LOG=info",
    ] {
        assert_eq!(reach(healthy, Care::Data), None, "{healthy}");
    }
    for foreign in [
        "sh tools/run",
        "bash run.sh",
        "python3 run.py",
        "sudo ./run.sh",
        "env ./x",
        "sh -c evil",
        "nice ./evil",
        "nice evil",
        "nice -n 5 ./evil",
        "make -f evil",
        "make -fevil",
        "make --file=evil",
        "make -C tools/evil",
        "env X=1 ./evil",
        "env X=1 tools/evil",
        "stdbuf -oL tools/evil",
        "qemu-system-arm -plugin file=./evil.so",
        "lua run.lua",
        "nice /home/ci/checkout/evil",
        "nice C:\\ci\\evil",
        "bash /dev/fd/3",
        "python3 -m evil",
        "timeout 5 ../evil",
    ] {
        assert!(reach(foreign, Care::Data).is_some(), "{foreign}");
        assert!(reach(foreign, Care::Full).is_some(), "{foreign}");
    }
    for healthy in ["gcloud auth print-access-token", "op read op://vault/item/token", "acme-token --json"] {
        assert_eq!(reach(healthy, Care::Full), None, "{healthy}");
    }
    for foreign in
        ["make", "make -C dir", "npm run token", "cat acme/token", "git -C dir token", "x -T partitions.csv"]
    {
        assert!(reach(foreign, Care::Full).is_some(), "{foreign}");
    }
}

#[test]
fn variables_that_bring_code() {
    for (name, healthy) in [
        ("CC", "clang"),
        ("CC_x86_64_unknown_linux_gnu", "clang"),
        ("CC", "sccache clang -m64"),
        ("CFLAGS_x86_64_unknown_linux_gnu", "-march=x86-64-v3 -mpclmul"),
        ("AWS_LC_SYS_CFLAGS", "-DMY_ASSEMBLER_IS_TOO_OLD_FOR_512AVX"),
        ("CFLAGS", "-isystem /usr/include/foo -I/opt/homebrew/include -fuse-ld=lld -Wl,-z,now"),
        ("CL", "/DCCCL_IGNORE /Zc:preprocessor /EHsc"),
        ("CMAKE_CUDA_FLAGS", "--std=c++17 -DX -Xcompiler=\"/Zc:preprocessor\""),
        ("BINDGEN_EXTRA_CLANG_ARGS", "--target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu"),
        ("CMAKE_GENERATOR", "Ninja"),
        ("CMAKE_POLICY_VERSION_MINIMUM", "3.5"),
        ("NODE_OPTIONS", "--max-old-space-size=4096"),
        ("RUBYOPT", "-W0"),
        ("MAKEFLAGS", "-j8"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
        ("LD_LIBRARY_PATH", "/usr/local/lib:/opt/lib"),
        ("PYTHONPATH", "/usr/lib/python3"),
        ("DATABASE_URL", "sqlite:./data.db"),
        ("ASSETS", "./assets"),
        ("ENV", "production"),
        ("CFLAGS", "-DLIST=a,b/c -ffile-prefix-map=./src=/src"),
        ("OPENSSL_DIR", "./third-party/openssl"),
        ("ESP_IDF_SDKCONFIG_DEFAULTS", "./sdkconfig.defaults"),
        ("ESP_IDF_TOOLS_INSTALL_DIR", "global"),
        ("CARGO_WORKSPACE_DIR", "./"),
        ("MACOSX_DEPLOYMENT_TARGET", "10.10"),
        ("JEMALLOC_SYS_WITH_MALLOC_CONF", "percpu_arena:percpu,oversize_threshold:0"),
        ("RUST_TEST_THREADS", "1"),
        ("LIBROcksDB_STATIC", "1"),
        ("HOSTNAME", "./x"),
        ("CARGO_PKG_X", "./x"),
    ] {
        assert_eq!(variable(name, healthy), None, "{name} {healthy}");
    }
    for (name, foreign) in [
        ("CC", "./evil"),
        ("CC", "env ./evil"),
        ("TARGET_CXX", "tools/cc"),
        ("AR_aarch64-apple-darwin", "./.cargo/silent-ar.sh"),
        ("CMAKE_C_COMPILER_LAUNCHER", "./evil"),
        ("CFLAGS", "-B./tools"),
        ("CFLAGS", "-fplugin=./evil.so"),
        ("CFLAGS", "-Xclang -load -Xclang evil.so"),
        ("CFLAGS", "-include ./evil.h"),
        ("CFLAGS", "-isystem./evil"),
        ("LDFLAGS", "-Wl,-plugin,evil.so"),
        ("CXXFLAGS", "-I/home/ci/checkout/include"),
        ("LDFLAGS", "-Lnative"),
        ("LDFLAGS", "./evil.o"),
        ("CFLAGS", "-specs=evil.specs"),
        ("HOST_CFLAGS", "@flags"),
        ("CL", "/FI./evil.h"),
        ("BINDGEN_EXTRA_CLANG_ARGS_aarch64-linux-android", "-I./x"),
        ("CMAKE_TOOLCHAIN_FILE", "./evil.cmake"),
        ("CMAKE_TOOLCHAIN_FILE_x86_64_unknown_linux_gnu", "./evil.cmake"),
        ("NODE_OPTIONS", "--require ./evil.js"),
        ("NODE_OPTIONS", "--import=evil"),
        ("RUBYOPT", "-r./evil"),
        ("PERL5OPT", "-I./lib -Mevil"),
        ("JAVA_TOOL_OPTIONS", "-javaagent:evil.jar"),
        ("MAKEFLAGS", "--eval=$(shell./evil)"),
        ("PYTHONSTARTUP", "./evil.py"),
        ("Path", "./tools"),
        ("Node_Options", "--require=./evil.js"),
        ("CFLAGS", "--config=./evil.cfg"),
        ("PYTHONPATH", "./evil"),
        ("PERL5LIB", "lib"),
        ("LD_LIBRARY_PATH", "lib"),
        ("DYLD_INSERT_LIBRARIES", "./evil.dylib"),
        ("GIT_CONFIG_VALUE_0", "evil"),
        ("GIT_CONFIG_KEY_0", "core.sshCommand"),
        ("GIT_CONFIG_GLOBAL", "./gitconfig"),
        ("GIT_SSH_COMMAND", "./evil"),
        ("GIT_SSH_COMMAND", "ssh -o ProxyCommand=./evil"),
        ("HOME", "./home"),
        ("BASH_FUNC_cc%%", "() { evil; }"),
        ("CARGO_ENCODED_RUSTFLAGS", "-Clinker=./evil"),
    ] {
        assert!(variable(name, foreign).is_some(), "{name} {foreign}");
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
        "-s evil.o",
        "--config=./evil.cfg",
        "--prefix=tools",
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
        ("Rustc_Wrapper", Some("build.rustc-wrapper")),
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
