package dev.firebreak.cli.doctor;

import dev.firebreak.stack.PartStatus;
import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.process.PortHolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This checkout's stack: its ports, its files, its parts, its clock. */
record StackChecks(Stack stack, Path project, InstantSource clock) {
    /** What verifiers forgive is 30 s (contracts, "verdicts"); half of it is worth a word. */
    private static final Duration SKEW = Duration.ofSeconds(15);

    private static final Pattern FILE_SETTING = Pattern.compile("(?m)^\\s*[\\w-]*-file: \"?([^\"\\n]+)\"?$");

    List<Check> run() {
        List<PartStatus> parts = stack.status();
        return List.of(jars(), ports(parts), parts(parts), secrets(), config(), time(parts));
    }

    private Check jars() {
        List<String> missing = Stream.of("auth-server", "task-service", "gateway")
                .filter(module -> !Files.exists(project.resolve(module + "/target/" + module + ".jar")))
                .toList();
        return missing.isEmpty()
                ? Check.ok("jars", "built")
                : Check.warn("jars", "not built: " + String.join(", ", missing), "./firebreak up builds them");
    }

    private Check ports(List<PartStatus> parts) {
        List<String> taken = new ArrayList<>();
        for (PartStatus part : parts) {
            if (part.runs()) {
                continue;
            }
            stack.ports().opened(part.part()).forEach((use, port) -> {
                if (!PortHolder.isFree(port)) {
                    taken.add(port + " (" + part.part().id() + ") by "
                            + PortHolder.find(port)
                                    .map(holder -> "pid " + holder.pid() + " " + holder.command())
                                    .orElse("another user's process"));
                }
            });
        }
        return taken.isEmpty()
                ? Check.ok("ports", "free, or held by this stack")
                : Check.fail("ports", String.join("; ", taken), "stop that process, or ./firebreak up --port 8180");
    }

    private static Check parts(List<PartStatus> parts) {
        if (parts.stream().noneMatch(PartStatus::runs)) {
            return Check.ok("parts", "none runs");
        }
        String bad = parts.stream()
                .filter(part -> part.state() != State.READY)
                .map(part -> part.part().id() + " " + part.state().word())
                .collect(Collectors.joining(", "));
        return bad.isEmpty()
                ? Check.ok("parts", "all ready")
                : Check.fail("parts", bad, "./firebreak logs PART tells why; ./firebreak up starts everything anew");
    }

    /** Secrets and their folders belong to one user. */
    private Check secrets() {
        Path secrets = stack.folder().secrets();
        if (!Files.exists(secrets)) {
            return Check.ok("secrets", "none yet");
        }
        try (Stream<Path> files = Files.walk(secrets)) {
            List<Path> all = files.toList();
            List<String> open = new ArrayList<>();
            for (Path path : all) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                if (!mode.endsWith("------")) {
                    open.add(secrets.relativize(path) + " " + mode);
                }
            }
            return open.isEmpty()
                    ? Check.ok(
                            "secrets",
                            (int) all.stream().filter(Files::isRegularFile).count() + " files, yours alone")
                    : Check.fail("secrets", "others can read " + String.join(", ", open), "chmod -R go= " + secrets);
        } catch (IOException e) {
            return Check.fail("secrets", "cannot be read: " + e.getMessage(), "run this as the user who ran `up`");
        }
    }

    /** Every file that a generated setting names is there. */
    private Check config() {
        StackFolder folder = stack.folder();
        List<String> missing = new ArrayList<>();
        int settings = 0;
        for (Part part : Part.values()) {
            Path file = folder.config(part);
            if (!Files.exists(file)) {
                continue;
            }
            try {
                Matcher setting = FILE_SETTING.matcher(Files.readString(file));
                while (setting.find()) {
                    settings++;
                    if (!Files.isReadable(Path.of(setting.group(1)))) {
                        missing.add(setting.group(1));
                    }
                }
            } catch (IOException e) {
                missing.add(file.toString());
            }
        }
        return missing.isEmpty()
                ? Check.ok("config", settings == 0 ? "none yet" : settings + " secret files named, all readable")
                : Check.fail(
                        "config",
                        "cannot read " + String.join(", ", missing),
                        "./firebreak up --fresh makes them anew");
    }

    /** Tokens are judged by time. Services and this command share a clock here, so what can be wrong is that it runs back. */
    private Check time(List<PartStatus> parts) {
        Instant now = clock.instant();
        Optional<Instant> theirs = parts.stream()
                .filter(part -> part.part() == Part.GATEWAY && part.state() == State.READY)
                .findFirst()
                .flatMap(gateway -> serverTime(gateway.port()));
        Duration skew = theirs.map(time -> Duration.between(time, now).abs()).orElse(Duration.ZERO);
        if (skew.compareTo(SKEW) > 0) {
            return Check.fail(
                    "clock",
                    "the gateway's clock differs by " + skew.toSeconds() + " s",
                    "set the clock, then restart the stack");
        }
        Instant built = builtAt();
        return now.isBefore(built)
                ? Check.fail(
                        "clock", now + " is before this program was built, " + built, "set the clock (timedatectl)")
                : Check.ok("clock", theirs.isPresent() ? "agrees with the gateway's" : now.toString());
    }

    private Instant builtAt() {
        try {
            Path jar = project.resolve("infra/cli/target/firebreak-cli.jar");
            return Files.exists(jar) ? Files.getLastModifiedTime(jar).toInstant() : Instant.EPOCH;
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static Optional<Instant> serverTime(int port) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/livez"))
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            BodyHandlers.discarding())
                    .headers()
                    .firstValue("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (IOException | DateTimeParseException noDate) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
