package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, in a made-up checkout with a made-up JDK and Maven that only say how they were called. */
class FrontDoorScriptIT {
    private static final long DEADLINE_S = 30;
    private static final List<String> JARS = List.of(
            "infra/cli/target/firebreak-cli.jar",
            "auth-server/target/auth-server.jar",
            "gateway/target/gateway.jar",
            "task-service/target/task-service.jar",
            "infra/drill-control/target/drill-control.jar");

    @TempDir
    Path temp;

    Path checkout;
    Path jdks;
    Path bin;

    record Result(int status, String out, String err) {}

    @BeforeEach
    void make() throws IOException {
        checkout = temp.resolve("a checkout with blanks");
        for (String folder :
                List.of("shared-contracts/src/main", "auth-server/src/test", "gateway", "task-service", "infra")) {
            Files.createDirectories(checkout.resolve(folder));
        }
        Files.copy(Path.of("../../firebreak"), checkout.resolve("firebreak"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        jdks = Files.createDirectory(temp.resolve("jdks"));
        bin = Files.createDirectory(temp.resolve("bin"));
        jdk("jdk-17", "17.0.15");
        jdk("jdk-25", "25.0.3");
        maven("exit 0");
        executable(bin.resolve("pgbouncer"), "exit 0");
        executable(bin.resolve("promtool"), "echo \"promtool of this machine\"");
    }

    @Test
    void takesTheJdk25AmongOthersAndPassesEveryArgument() throws Exception {
        built();

        Result result = firebreak("users", "add", "a b", "--name=x y");

        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("jdk-25/bin/java")
                .contains("<-jar><" + checkout.toRealPath() + "/infra/cli/target/firebreak-cli.jar>")
                .contains("<-Dfirebreak.root=" + checkout.toRealPath() + ">")
                .endsWith("<users><add><a b><--name=x y>\n");
    }

    @Test
    void saysHowToGetAJdkWhenThereIsNone() throws Exception {
        Files.delete(jdks.resolve("jdk-25/release"));

        Result result = firebreak("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("no JDK 25 found").contains("install").contains("JAVA_HOME");
    }

    @Test
    void doesNotBuildWhatIsBuilt() throws Exception {
        maven("echo built >>'" + temp + "/builds'; " + makeJars());
        firebreak("up");
        firebreak("up");

        assertThat(temp.resolve("builds")).hasContent("built");
    }

    @Test
    void buildsWhenASourceIsNewerButNotForATestOrAReadme() throws Exception {
        maven("echo built >>'" + temp + "/builds'; " + makeJars());
        firebreak("up");

        touch("auth-server/src/test/XTest.java");
        touch("infra/README.md");
        touch("infra/observability/rules/pool.yaml");
        firebreak("up");
        assertThat(temp.resolve("builds")).hasContent("built");

        touch("shared-contracts/src/main/X.java");
        firebreak("up");
        assertThat(temp.resolve("builds")).hasContent("built\nbuilt");
    }

    @Test
    void buildsTheBenchmarksForTheirOwnCommandOnly() throws Exception {
        String jar = "infra/benchmarks/target/firebreak-benchmarks.jar";
        maven("echo built >>'" + temp + "/builds'; " + makeJars());
        firebreak("up");
        maven("echo built >>'" + temp + "/builds'; mkdir -p $(dirname " + jar + "); : >" + jar);

        Result result = firebreak("bench", "gate", "--json");
        firebreak("bench");

        assertThat(result.out()).endsWith("<" + checkout.toRealPath() + "/" + jar + "><gate><--json>\n");
        assertThat(temp.resolve("builds")).hasContent("built\nbuilt");
    }

    @Test
    void stopsAndShowsTheEndOfTheLogWhenTheBuildFails() throws Exception {
        maven("echo 'ERROR X.java:[1,2] no such thing'; exit 1");

        Result result = firebreak("up");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("no such thing")
                .contains("the build failed")
                .contains("build.log");
        assertThat(result.out()).doesNotContain("/bin/java");
    }

    @Test
    void goesDownAndShowsPoolsAlsoWhenTheSourcesDoNotCompile() throws Exception {
        built();
        maven("exit 1");
        touch("shared-contracts/src/main/X.java");

        assertThat(firebreak("down").status()).isZero();
        assertThat(firebreak("pools").status()).isZero();
    }

    @Test
    void worksByALinkFromAnotherFolder() throws Exception {
        built();
        Path link = Files.createSymbolicLink(bin.resolve("fb"), checkout.resolve("firebreak"));

        Result result = run(temp, List.of(link.toString(), "status"));

        assertThat(result.out()).contains("<-Dfirebreak.root=" + checkout.toRealPath() + ">");
    }

    @Test
    void sumsUpTheTestsOfThisRunAndFailsWithThem() throws Exception {
        report(
                "gateway/target/surefire-reports/TEST-old.xml",
                "<testsuite tests=\"100\" errors=\"0\" skipped=\"0\" failures=\"0\">");
        maven("""
            mkdir -p gateway/target/surefire-reports 'infra/x y/target/failsafe-reports'
            echo '<?xml version="1.0"?>
            <testsuite name="a" time="1.0"
              tests="5" errors="1" skipped="1" failures="1"><testcase/>' >gateway/target/surefire-reports/TEST-a.xml
            echo '<testsuite tests="3" errors="0" skipped="0" failures="0"/>' >'infra/x y/target/failsafe-reports/TEST-b.xml'
            exit 1\
            """);

        Result result = firebreak("test", "--quick");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out().lines().toList().getLast()).isEqualTo("5 passed, 2 failed, 1 skipped");
    }

    @Test
    void namesEachTestThatFailedAndTheBeginningOfWhy() throws Exception {
        maven("""
            mkdir -p gateway/target/failsafe-reports
            echo '<testsuite tests="2" errors="0" skipped="0" failures="1">
              <testcase name="holds" classname="a.FineIT" time="0.1"/>
              <testcase name="holdsNot" classname="a.BadIT" time="0.1">
                <failure message="&#10;Expecting &quot;1 &amp; 2&quot;&#10;  to be &lt;3&gt;" type="x"><![CDATA[y]]></failure>
              </testcase></testsuite>' >gateway/target/failsafe-reports/TEST-a.xml
            exit 1\
            """);

        Result result = firebreak("test", "--quick");

        assertThat(result.err()).contains("failed: a.BadIT.holdsNot", "Expecting \"1 & 2\" to be <3>");
        assertThat(result.err()).doesNotContain("FineIT");
    }

    @Test
    void saysThatATestNeededASecondTry() throws Exception {
        maven("""
                mkdir -p gateway/target/failsafe-reports
                echo '<testsuite tests="1" errors="0" skipped="0" failures="0"><testcase><flakyFailure/></testcase></testsuite>' \
                  >gateway/target/failsafe-reports/TEST-a.xml""");

        Result result = firebreak("test", "--quick");

        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("1 test class(es) needed a second try");
        assertThat(result.out().lines().toList().getLast()).isEqualTo("1 passed, 0 failed, 0 skipped");
    }

    @Test
    void passesWithTheTestsAndTellsMavenWhichToRun() throws Exception {
        maven("echo \"$*\"; exit 0");

        Result result = firebreak("test", "--quick");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("-Dquick verify").endsWith("0 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void takesLongAndSaysWhatItAdds() throws Exception {
        executable(bin.resolve("chromium"), "exit 0");
        node("v20.20.2");

        assertThat(firebreak("test", "--long").status()).isZero();
        assertThat(firebreak("test", "--help").err())
                .contains("usage: ./firebreak test [--quick | --long]", "the drills too");
    }

    @Test
    void refusesUnknownTestOptionsWithStatusTwo() throws Exception {
        assertThat(firebreak("test", "--fast").status()).isEqualTo(2);
        assertThat(firebreak("test", "--quick", "--long").status()).isEqualTo(2);
    }

    @Test
    void takesTheBrowserAndNodeThatAreThere() throws Exception {
        executable(bin.resolve("chromium"), "exit 0");
        node("v20.20.2");
        executable(bin.resolve("apt-get"), "echo \"$*\" >>'" + temp + "/apt'");

        assertThat(firebreak("test").status()).isZero();

        assertThat(temp.resolve("apt")).doesNotExist();
    }

    @Test
    void installsNodeAsRootAndSaysSo() throws Exception {
        executable(bin.resolve("chromium"), "exit 0");
        executable(bin.resolve("id"), "echo 0");
        node("v22.0.0");
        Files.move(bin.resolve("node"), temp.resolve("node"));
        executable(
                bin.resolve("apt-get"),
                "echo \"$*\" >>'" + temp + "/apt'; [ $1 = update ] || mv '" + temp + "/node' '" + bin + "/node'");

        Result result = firebreak("test");

        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("installing").contains("nodejs npm");
        assertThat(temp.resolve("apt")).content().contains("install -y --no-install-recommends nodejs npm");
    }

    @Test
    void namesTheOneCommandWhereItMayNotInstall() throws Exception {
        executable(bin.resolve("chromium"), "exit 0");
        executable(bin.resolve("id"), "echo 1000");

        Result result = firebreak("test");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("sudo apt-get install nodejs npm");
        assertThat(result.out()).as("no test was begun").doesNotContain("passed");
    }

    @Test
    void refusesANodeThatIsTooOld() throws Exception {
        executable(bin.resolve("chromium"), "exit 0");
        node("v18.19.0");

        Result result = firebreak("test");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("need Node.js 20 or later").contains("v18.19.0");
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(bin.resolve("mvn"));

        Result result = firebreak("up");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("Maven (mvn) is not installed");
    }

    @Test
    void takesThePromtoolOnThePath() throws Exception {
        maven("promtool");

        assertThat(firebreak("test", "--quick").out()).startsWith("promtool of this machine\n");
    }

    @Test
    void namesTheOneCommandWhenPromtoolIsMissingAndMayNotBeFetched() throws Exception {
        Files.delete(bin.resolve("promtool"));
        packages("");
        executable(bin.resolve("id"), "echo 1000");

        Result result = firebreak("test", "--quick");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("need promtool: sudo apt-get install prometheus");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void fetchesPromtoolOnceAndNoMoreThanThatProgram() throws Exception {
        Files.delete(bin.resolve("promtool"));
        packages("echo \"$*\" >>'" + temp + "/apt'; : >prometheus_2.42.0_amd64.deb");
        maven("promtool");

        Result first = firebreak("test", "--quick");
        Result second = firebreak("test", "--quick");

        Path cache = temp.resolve(".cache/firebreak/promtool");
        assertThat(first.err()).contains("fetching promtool").contains(cache.toString());
        assertThat(first.out()).startsWith("promtool of the package\n");
        assertThat(second.err()).doesNotContain("fetching");
        assertThat(second.out()).startsWith("promtool of the package\n");
        assertThat(temp.resolve("apt")).hasContent("download prometheus");
        assertThat(cache).isDirectoryNotContaining(file -> !file.endsWith("promtool"));
    }

    @Test
    void stopsWhenPromtoolCannotBeFetched() throws Exception {
        Files.delete(bin.resolve("promtool"));
        packages("echo \"E: no network\" >&2; exit 100");

        Result result = firebreak("test", "--quick");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("E: no network")
                .contains("could not be fetched")
                .contains("promtool.log");
        assertThat(temp.resolve(".cache/firebreak/promtool")).isEmptyDirectory();
    }

    /** A made-up apt and dpkg, whose package holds a server beside promtool; and root, who may use them. */
    private void packages(String apt) throws IOException {
        executable(bin.resolve("id"), "echo 0");
        executable(bin.resolve("apt-get"), apt);
        Path content = Files.createDirectories(temp.resolve("package/usr/bin"));
        executable(content.resolve("promtool"), "echo \"promtool of the package\"");
        executable(content.resolve("prometheus"), "exit 1");
        executable(bin.resolve("dpkg-deb"), "cd '" + temp + "/package' && tar -cf - ./usr");
    }

    private void built() throws Exception {
        maven(makeJars());
        firebreak("up");
    }

    private static String makeJars() {
        StringBuilder script = new StringBuilder();
        for (String jar : JARS) {
            script.append("mkdir -p $(dirname ")
                    .append(jar)
                    .append("); : >")
                    .append(jar)
                    .append("; ");
        }
        return script.toString();
    }

    private void touch(String file) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "x");
        // Ahead of the build's stamp, however coarse the file system's clock is.
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(2)));
    }

    private void report(String file, String content) throws IOException {
        Path path = checkout.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void jdk(String name, String version) throws IOException {
        Path home = jdks.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/java"), "echo \"$0\"; printf '<%s>' \"$@\"; echo");
        executable(home.resolve("bin/javac"), "exit 0");
    }

    private void maven(String script) throws IOException {
        executable(bin.resolve("mvn"), script);
    }

    private void node(String version) throws IOException {
        executable(bin.resolve("node"), "echo " + version);
        executable(bin.resolve("npm"), "exit 0");
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Result firebreak(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("firebreak").toString()));
        command.addAll(Arrays.asList(arguments));
        return run(temp, command);
    }

    /** With the system's tools but neither its JDK nor its Maven. */
    private Result run(Path folder, List<String> command) throws Exception {
        Path out = Files.createTempFile(temp, "out", "");
        Path err = Files.createTempFile(temp, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Path tools = tools();
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", bin + ":" + tools,
                        "HOME", temp.toString(),
                        "FIREBREAK_JDK_FOLDERS", jdks.toString()));
        Process process = builder.start();
        assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    /** What a POSIX system has and no more, so that a Maven of this machine is not found. */
    private Path tools() throws IOException {
        Path tools = temp.resolve("tools");
        if (!Files.exists(tools)) {
            Files.createDirectory(tools);
            for (String tool : List.of(
                    "sh",
                    "dirname",
                    "readlink",
                    "find",
                    "head",
                    "tail",
                    "grep",
                    "mkdir",
                    "date",
                    "mv",
                    "rm",
                    "awk",
                    "wc",
                    "id",
                    "cat",
                    "tar")) {
                Path program = Path.of("/usr/bin", tool);
                executable(
                        tools.resolve(tool),
                        "exec " + (Files.exists(program) ? program : Path.of("/bin", tool)) + " \"$@\"");
            }
        }
        return tools;
    }
}
