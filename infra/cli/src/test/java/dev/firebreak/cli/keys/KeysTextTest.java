package dev.firebreak.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every text that {@code keys} prints, line by line. */
class KeysTextTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Path GUIDE = Path.of("../../docs/how-to/rotate-signing-keys.md");

    private static final Path REFRESH_GUIDE = Path.of("../../docs/how-to/refresh-key-compromise.md");

    private static final KeyTable TABLE = new KeyTable(ZoneOffset.UTC);
    private static final PlanText PLAN = new PlanText(ZoneOffset.UTC);
    private static final HistoryText HISTORY = new HistoryText(ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "plan",
                "activate",
                "emergency",
                "history",
                "history-all",
                "verify-ok",
                "verify-broken",
                "refresh",
                "refresh-emergency",
                "refresh-emergency-dry",
                "renewal"
            })
    void looksAsAgreedWithinEightyColumnsOfPlainAscii(String name) throws IOException {
        List<String> lines = lines(name, Documents.json(name));
        String text = String.join("\n", lines) + "\n";

        Path golden = Path.of("src/test/resources/golden/keys-" + name + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, text);
        }
        assertThat(golden).hasContent(text);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line)
                        .hasSizeLessThanOrEqualTo(80)
                        .matches("\\p{ASCII}*")
                        .doesNotMatch(".*\\s"));
    }

    /** So that an operator sees on the screen what the page has shown them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "plan",
                "activate",
                "emergency",
                "history",
                "history-all",
                "verify-ok",
                "verify-broken",
                "refresh-emergency",
                "refresh-emergency-dry",
                "renewal"
            })
    void isShownInTheGuideAsItIs(String name) throws IOException {
        Path guide = name.startsWith("refresh-emergency") ? REFRESH_GUIDE : GUIDE;
        assertThat(Files.readString(guide)).contains(String.join("\n", lines(name, Documents.json(name))) + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"list", "plan", "activate", "emergency", "history", "history-all", "verify-broken", "refresh"})
    void staysWithinEightyColumnsWhateverTheServerWrites(String name) {
        JsonNode huge = swell(Documents.json(name));

        assertThat(lines(name, huge)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void saysHowToGoOnInTheSameJournal() {
        JsonNode history = Documents.parse("{\"entries\":[],\"next\":24}");

        assertThat(HISTORY.lines(history, false)).contains("There are more: ./firebreak keys history --after 24");
        assertThat(HISTORY.lines(history, true)).contains("There are more: ./firebreak keys history --all --after 24");
    }

    @Test
    void handsNoControlCharacterToATerminal() {
        JsonNode history = Documents.parse("{\"entries\":[{\"seq\":1,\"order\":\"rotate\",\"actor\":\"person a@b\","
                + "\"reason\":\"\\u001b[2Jgone\\r\\nall\"}]}");

        assertThat(String.join("", HISTORY.lines(history, false)))
                .contains("?[2Jgone??all")
                .doesNotContain("\u001B")
                .doesNotContain("\r");
    }

    @Test
    void saysInPlainWordsThatThereIsNothing() {
        JsonNode nothing = Documents.parse("{}");

        assertThat(TABLE.lines(nothing, NOW)).contains("There is no key.", "No verifier has asked for the keys yet.");
        assertThat(PLAN.lines(nothing, nothing, NOW)).contains("                  |  nothing is due");
        assertThat(HISTORY.lines(nothing, true)).containsExactly("The journal has no such row.");
        assertThat(HistoryText.holds(nothing)).isFalse();
    }

    @Test
    void saysThatAStepIsDueAndWhomItWaitsFor() {
        assertThat(next("\"at\":\"2026-11-27T11:59:00Z\",\"waits_for\":[\"gateway/g-1\",\"tasks/t-1\"]"))
                .containsSequence(
                        "KEY       STATE      ALG    AGE   NEXT",
                        "abcdefgh  published  ES256  60 s  activates when nobody lacks it",
                        "                                  waits for gateway/g-1, tasks/t-1");
        assertThat(next("\"at\":\"2026-11-27T11:59:00Z\"")).anyMatch(line -> line.endsWith("  activates now"));
        assertThat(next("\"why\":\"frozen\"")).anyMatch(line -> line.endsWith("  activates later: frozen"));
    }

    @Test
    void saysThatTheScheduleIsFrozen() {
        ObjectNode list = (ObjectNode) Documents.json("list");
        ((ObjectNode) list.path("schedule")).put("frozen", true);

        assertThat(TABLE.lines(list, NOW)).contains("FROZEN: no step is taken by itself.");
    }

    @Test
    void saysThatADryRunChangedNothing() {
        ObjectNode answer = (ObjectNode) Documents.json("activate");
        answer.put("dry_run", true);

        assertThat(OrderText.lines("activate", answer))
                .startsWith("activate: a dry run, nothing was changed. It would do this:");
    }

    @Test
    void namesMissingVerifiersThoughNoEffectWasMeasured() {
        JsonNode answer = Documents.parse("{\"missing\":[\"gateway/gateway-2\"]}");

        assertThat(OrderText.lines("rotate", answer))
                .containsExactly("rotate: done", "", "VERIFIER           IN FORCE AFTER", "gateway/gateway-2  MISSING");
    }

    @Test
    void aVerifierThatIsMissingIsNotShownAsOneThatObeys() {
        JsonNode answer = Documents.parse("{\"effective\":[{\"verifier\":\"gateway/gateway-1\",\"after_ms\":310}],"
                + "\"missing\":[\"gateway/gateway-1\"]}");

        assertThat(EffectTable.lines(answer))
                .containsExactly("", "VERIFIER           IN FORCE AFTER", "gateway/gateway-1  MISSING");
    }

    /** Else an order that reached nobody would look like one that everybody obeys. */
    @Test
    void saysOfAnOrderThatIsWatchedThatThereWasNobodyToWatch() {
        String nobody = "The authorization server knows of no verifier: there was nobody to watch.";
        JsonNode answer = Documents.parse("{\"effective\":[],\"missing\":[],\"version\":3}");
        JsonNode dry = Documents.parse("{\"effective\":[],\"missing\":[],\"version\":3,\"dry_run\":true}");
        JsonNode refreshKeys = Documents.parse("{\"effective\":[],\"missing\":[]}");

        assertThat(OrderText.lines("publish", answer)).endsWith("", nobody);
        assertThat(OrderText.lines("revoke", answer)).endsWith("", nobody);
        assertThat(OrderText.lines("rotate", answer)).endsWith("", nobody);
        assertThat(OrderText.lines("activate", answer)).doesNotContain(nobody);
        assertThat(OrderText.lines("rotate", dry)).doesNotContain(nobody);
        assertThat(OrderText.lines("rotate", refreshKeys)).doesNotContain(nobody);
    }

    @Test
    void shortensIdsAsFarAsTheyStayApart() {
        KeyNames names = KeyNames.of(Documents.parse(
                "[{\"kid\":\"abcdefgh1\"},{\"kid\":\"abcdefgh1x\"},{\"kid\":\"zyxwvutsrq\"},{\"id\":\"m1\"}]"));

        assertThat(names.shortOf("zyxwvutsrq")).isEqualTo("zyxwvuts");
        assertThat(names.shortOf("abcdefgh1x")).isEqualTo("abcdefgh1x");
        assertThat(names.shortOf("abcdefgh1")).isEqualTo("abcdefgh1");
        assertThat(names.shortOf("m1")).isEqualTo("m1");
        assertThat(names.meant("zyxw")).containsExactly("zyxwvutsrq");
        assertThat(names.meant("abcdefgh")).containsExactly("abcdefgh1", "abcdefgh1x");
        assertThat(names.meant("abcdefgh1")).containsExactly("abcdefgh1");
        assertThat(names.meant("zyx")).isEmpty();
        assertThat(names.meant("m1")).containsExactly("m1");
    }

    private static List<String> next(String members) {
        return TABLE.lines(
                Documents.parse("{\"keys\":[{\"kid\":\"abcdefghij\",\"state\":\"published\",\"algorithm\":\"ES256\","
                        + "\"created_at\":\"2026-11-27T11:59:00Z\",\"next\":{\"step\":\"activate\"," + members
                        + "}}]}"),
                NOW);
    }

    private static List<String> lines(String name, JsonNode document) {
        return switch (name) {
            case "list" -> TABLE.lines(document, NOW);
            case "plan" -> PLAN.lines(document, Documents.json("list"), NOW);
            case "activate" -> OrderText.lines("activate", document);
            case "emergency", "refresh-emergency", "refresh-emergency-dry" -> OrderText.lines("rotate", document);
            case "history" -> HISTORY.lines(document, false);
            case "history-all" -> HISTORY.lines(document, true);
            case "verify-ok", "verify-broken" -> HistoryText.verdict(document);
            case "refresh" -> TABLE.refreshKeys(document, NOW);
            case "renewal" -> {
                List<String> bars = new RenewalCurve(() -> NOW, _ -> {}).bars(document);
                yield Stream.concat(bars.stream(), RenewalCurve.conclusion(Optional.of(document)).stream())
                        .toList();
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Every text ten times as long, but times. */
    private static JsonNode swell(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), swell(member.getValue())));
            object.setAll(members);
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, swell(array.get(i)));
            }
        } else if (node.isString() && !node.asString().endsWith("Z")) {
            return Documents.parse('"' + node.asString().repeat(10) + '"');
        } else if (node.isIntegralNumber()) {
            return Documents.parse("1234567890123");
        }
        return node;
    }
}
