package dev.firebreak.cli;

import dev.firebreak.cli.keys.HistoryText;
import dev.firebreak.cli.keys.KeyNames;
import dev.firebreak.cli.keys.KeyTable;
import dev.firebreak.cli.keys.OrderText;
import dev.firebreak.cli.keys.PlanText;
import dev.firebreak.stack.layout.AtomicFile;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.ops.KeysClient;
import dev.firebreak.stack.ops.KeysClient.Order;
import dev.firebreak.stack.ops.OpsRefusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Signing keys, and by {@code --ring} the MAC keys of refresh tokens and the keys of the session cookie. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        subcommands = KekCommand.class,
        description = "Shows and moves signing keys; without a command it lists them.",
        footer = {
            "",
            "Orders need --reason, which the journal keeps. --dry-run changes nothing.",
            "Status: 0 done, 1 refused, failed or the journal is broken, 2 usage."
        })
final class KeysCommand implements Callable<Integer> {
    private static final String KID = "Id or its beginning; without it the newest key in a fitting state.";
    private static final String FORCE = "Skip waits for third parties, never those for verifiers.";
    private static final String ALGORITHM = "${COMPLETION-CANDIDATES}; as scheduled without it.";

    /** A whole id, an RFC 7638 thumbprint, needs no look-up of what it begins. */
    private static final int WHOLE_KID = 43;

    private static final int LONGEST_REFRESH_KID = 16;

    /** Which keys. */
    enum Ring {
        signing,
        refresh,
        cookie
    }

    /** What a new key may sign with. */
    enum Algorithm {
        ES256,
        RS256
    }

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "As the server's JSON document.")
    private boolean json;

    @Option(
            names = "--ring",
            scope = ScopeType.INHERIT,
            defaultValue = "signing",
            description = "Which keys: ${COMPLETION-CANDIDATES}.")
    private Ring ring = Ring.signing;

    @Option(
            names = "--target",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Internal address of another auth-server than the local stack's, like http://127.0.0.1:9002.")
    private @Nullable String target;

    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    public Integer call() {
        return list();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows keys, what happens next, and which verifiers lack the newest.")
    int list() {
        return switch (ring) {
            case signing -> show(() -> keys().list(), keys -> new KeyTable(zone).lines(keys, now()));
            case refresh -> show(() -> keys().refreshKeys(), keys -> new KeyTable(zone).refreshKeys(keys, now()));
            case cookie -> cookieRing().list();
        };
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = "Shows what is due and when, and about how many tokens an emergency would end.")
    int plan() {
        onlySigning("plan");
        KeysClient keys = keys();
        return show(keys::plan, plan -> new PlanText(zone).lines(plan, ask(keys::list), now()));
    }

    @Command(name = "prepare", mixinStandardHelpOptions = true, description = "Makes a key that nobody sees yet.")
    int prepare(
            @Mixin OrderOptions options,
            @Option(names = "--algorithm", description = ALGORITHM) @Nullable Algorithm algorithm) {
        return signing("prepare", options, null, false, algorithm);
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Gives a prepared key's public half to the verifiers.")
    int publish(
            @Mixin OrderOptions options,
            @Option(names = "--kid", paramLabel = "KID", description = KID) @Nullable String kid) {
        return signing("publish", options, kid, false, null);
    }

    @Command(
            name = "activate",
            mixinStandardHelpOptions = true,
            description = "Signs with a published key, once every live verifier has it.")
    int activate(
            @Mixin OrderOptions options,
            @Option(names = "--kid", paramLabel = "KID", description = KID) @Nullable String kid,
            @Option(names = "--force", description = FORCE) boolean force) {
        if (ring == Ring.cookie) {
            if (force) {
                throw new UsageException("activate --ring cookie waits for nobody: there is nothing to --force");
            }
            return cookieRing().activate(kid, options.optionalReason(), options.dryRun());
        }
        return signing("activate", options, kid, force, null);
    }

    @Command(name = "retire", mixinStandardHelpOptions = true, description = "Ends a key whose tokens have all ended.")
    int retire(
            @Mixin OrderOptions options,
            @Option(names = "--kid", paramLabel = "KID", description = KID) @Nullable String kid) {
        if (ring == Ring.cookie) {
            if (kid == null) {
                throw new UsageException("keys retire --ring cookie needs --kid: whose cookies shall end?");
            }
            return cookieRing().retire(kid, options.optionalReason(), options.dryRun());
        }
        return signing("retire", options, kid, false, null);
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a key at once, and with it every token that it signed.")
    int revoke(
            @Mixin OrderOptions options,
            @Option(names = "--kid", paramLabel = "KID", description = KID) @Nullable String kid) {
        return signing("revoke", options, kid, false, null);
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Begins the next rotation now; in an emergency carries it out at once.")
    int rotate(
            @Mixin OrderOptions options,
            @Option(names = "--kid", paramLabel = "KID", description = KID) @Nullable String kid,
            @Option(names = "--force", description = FORCE) boolean force,
            @Option(names = "--algorithm", description = ALGORITHM) @Nullable Algorithm algorithm,
            @Option(
                            names = "--emergency",
                            description = "New key at once, old ones revoked, passing over verifiers that are missing.")
                    boolean emergency,
            @Option(names = "--watch", description = "After an emergency: follow the renewal of sessions.")
                    boolean watch,
            @Option(
                            names = "--yes",
                            description = "With --ring refresh --emergency: yes, end the sign-ins that this ends.")
                    boolean yes)
            throws InterruptedException {
        if (watch && (!emergency || options.dryRun())) {
            throw new UsageException("--watch follows an emergency: it needs --emergency, without --dry-run");
        }
        String reason = options.reason("rotate");
        if (yes && (ring != Ring.refresh || !emergency)) {
            throw new UsageException("--yes confirms rotate --ring refresh --emergency and nothing else");
        }
        if (ring == Ring.refresh && emergency) {
            if (force || watch || algorithm != null) {
                throw new UsageException(
                        "rotate --ring refresh --emergency takes --kid, --reason, --dry-run and --yes and no more");
            }
            return revokeRefreshKeys(kid, reason, options.dryRun(), yes);
        }
        if (ring != Ring.signing) {
            if (emergency || force || kid != null || algorithm != null) {
                throw new UsageException("rotate --ring " + ring + " takes --reason and no more");
            }
            return ring == Ring.cookie ? cookieRing().rotate(reason, options.dryRun()) : rotateRefreshKeys(options);
        }
        if (kid != null && !emergency) {
            throw new UsageException("--kid names the key that leaked: it needs --emergency."
                    + " To choose the key that signs next, use activate --kid");
        }
        KeysClient keys = keys();
        String whole = whole(keys::list, kid, WHOLE_KID);
        Order order = new Order("rotate", whole, reason, force, emergency, name(algorithm), options.dryRun());
        int status = show(() -> keys.give(order), answer -> OrderText.lines("rotate", answer));
        if (watch) {
            new RenewalWatch(keys, main.workspace().clock(), screen(), json).run();
        }
        return status;
    }

    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "Shows the journal of orders and automatic steps on keys of every ring.")
    int history(
            @Option(names = "--verify", description = "Check its chain instead, all of it; status 1 if it is broken.")
                    boolean verify,
            @Option(names = "--all", description = "Also orders on accounts, and links to set a password.") boolean all,
            @Option(names = "--after", paramLabel = "ROW", defaultValue = "0", description = "Only rows behind this.")
                    long after) {
        onlySigning("history");
        if (!verify) {
            return show(() -> keys().history(after, all), history -> new HistoryText(zone).lines(history, all));
        }
        JsonNode verdict = ask(() -> keys().verifyHistory());
        print(verdict, HistoryText.verdict(verdict));
        return HistoryText.holds(verdict) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the seed with which a verifier starts while the auth-server is away.")
    int export(
            @Option(names = "--out", paramLabel = "FILE", description = "Into this file instead of standard output.")
                    @Nullable
                    String out,
            @Option(names = "--force", description = "Overwrite the file.") boolean force) {
        onlySigning("export");
        if (out == null) {
            screen().line(keys().export().stripTrailing());
            return ExitCode.OK;
        }
        Path file = Path.of(out);
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StackException(file + " is there already", "--force overwrites it");
        }
        String seed = keys().export();
        try {
            AtomicFile.write(file, seed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        screen().line("wrote " + file + "; a verifier reads it before its first answer from the feed");
        return ExitCode.OK;
    }

    private int signing(
            String name, OrderOptions options, @Nullable String kid, boolean force, @Nullable Algorithm algorithm) {
        onlySigning(name);
        String reason = options.reason(name);
        KeysClient keys = keys();
        Order order = new Order(
                name, whole(keys::list, kid, WHOLE_KID), reason, force, false, name(algorithm), options.dryRun());
        return show(() -> keys.give(order), answer -> OrderText.lines(name, answer));
    }

    private int rotateRefreshKeys(OrderOptions options) {
        if (options.dryRun()) {
            throw new UsageException("rotate --ring refresh knows no --dry-run");
        }
        String reason = options.reason("rotate");
        return show(() -> keys().rotateRefreshKeys(reason), answer -> OrderText.lines("rotate", answer));
    }

    /** Who gives it must know how many people it signs out: without {@code --yes} it is a question. */
    private int revokeRefreshKeys(@Nullable String given, String reason, boolean dryRun, boolean yes) {
        KeysClient keys = keys();
        String kid = whole(keys::refreshKeys, given, LONGEST_REFRESH_KID);
        Text text = answer -> OrderText.lines("rotate", answer);
        if (yes && !dryRun) {
            return show(() -> keys.revokeRefreshKeys(kid, reason, false), text);
        }
        JsonNode foreseen = ask(() -> keys.revokeRefreshKeys(kid, reason, true));
        print(foreseen, json ? List.of() : text.of(foreseen));
        if (dryRun) {
            return ExitCode.OK;
        }
        throw new StackException(
                "nothing was done: this order ends sign-ins, "
                        + foreseen.path("signed_out").asLong(0) + " at the moment, and their people sign in again",
                "the same with --yes carries it out");
    }

    /** The id that begins as given, because the table shows beginnings. What fits none is left to the server to judge. */
    private @Nullable String whole(Supplier<JsonNode> list, @Nullable String given, int whole) {
        if (given == null || given.length() >= whole) {
            return given;
        }
        List<String> meant = KeyNames.of(ask(list).path("keys")).meant(given);
        if (meant.size() > 1) {
            throw new UsageException("--kid " + given + " may be any of " + String.join(", ", meant));
        }
        return meant.isEmpty() ? given : meant.getFirst();
    }

    private interface Text {
        List<String> of(JsonNode document);
    }

    private int show(Supplier<JsonNode> question, Text text) {
        JsonNode answer = ask(question);
        print(answer, json ? List.of() : text.of(answer));
        return ExitCode.OK;
    }

    /** For programs a refusal is an answer, too: its document goes where they read. */
    private JsonNode ask(Supplier<JsonNode> question) {
        try {
            return question.get();
        } catch (OpsRefusal refusal) {
            if (json) {
                screen().line(refusal.problem().toString());
            }
            throw refusal;
        }
    }

    private void print(JsonNode document, List<String> lines) {
        if (json) {
            screen().line(document.toString());
        } else {
            lines.forEach(screen()::line);
        }
    }

    private KeysClient keys() {
        return new OpsTarget(main.workspace(), target)
                .keys(BusyNotice.on(spec.commandLine().getErr()));
    }

    private CookieRingOrders cookieRing() {
        return new CookieRingOrders(main.workspace().folder(), main.workspace().clock(), this::print);
    }

    private void onlySigning(String order) {
        if (ring != Ring.signing) {
            throw new UsageException("keys " + order + " is about signing keys: there is no --ring " + ring);
        }
    }

    private static @Nullable String name(@Nullable Algorithm algorithm) {
        return algorithm == null ? null : algorithm.name();
    }

    private Screen screen() {
        return Screen.of(spec.commandLine().getOut());
    }

    private Instant now() {
        return main.workspace().clock().instant();
    }
}
