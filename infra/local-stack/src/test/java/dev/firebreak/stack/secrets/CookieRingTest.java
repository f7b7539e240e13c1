package dev.firebreak.stack.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.CookieRing.Change;
import dev.firebreak.stack.secrets.CookieRing.Changed;
import dev.firebreak.stack.secrets.CookieRing.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CookieRingTest {
    @TempDir
    Path temp;

    private StackFolder folder;

    @BeforeEach
    void make() {
        folder = new StackFolder(temp);
        folder.create();
        new StackSecrets(folder).create();
    }

    @Test
    void addsAKeyThatOpensBeforeItSeals() {
        save(ring().add());

        assertThat(ring().entries()).containsExactly(new Entry("c1", "sealing"), new Entry("c2", "open-only"));
    }

    @Test
    void letsTheAddedKeySealAndTheFormerOneOpen() {
        save(ring().add());

        Changed changed = ring().activate(null);
        save(changed);

        assertThat(changed.changes())
                .containsExactly(new Change("c1", "sealing", "open-only"), new Change("c2", "open-only", "sealing"));
        assertThat(ring().entries()).containsExactly(new Entry("c1", "open-only"), new Entry("c2", "sealing"));
    }

    @Test
    void takesNoKeyThatSealedBeforeForOneThatWaits() {
        save(ring().add());
        save(ring().activate(null));

        refused(() -> ring().activate(null));
        save(ring().activate("c1"));
        assertThat(ring().entries()).containsExactly(new Entry("c1", "sealing"), new Entry("c2", "open-only"));
    }

    @Test
    void addsNoSecondKeyWhileOneWaits() {
        save(ring().add());

        refused(() -> ring().add());
    }

    @Test
    void neverRetiresTheKeyThatSealsAndNeverRevivesARetiredOne() {
        refused(() -> ring().retire("c1"));
        save(ring().add());
        save(ring().retire("c2"));
        refused(() -> ring().activate("c2"));
        refused(() -> ring().retire("c7"));

        assertThat(ring().retire("c2").changes()).isEmpty();
        assertThat(ring().add().changes()).containsExactly(new Change("c3", null, "open-only"));
    }

    /** As the gateway wants it: one sealing key, these members and no others, 32 bytes each, no two the same. */
    @Test
    void writesWhatTheGatewayReads() throws IOException {
        String first = key(0);
        save(ring().add());
        save(ring().activate(null));

        JsonNode document = new JsonMapper().readTree(Files.readString(folder.cookieRing()));
        Set<String> secrets = new HashSet<>();
        for (JsonNode key : document.path("keys")) {
            assertThat(key.propertyNames()).containsExactly("id", "state", "key");
            assertThat(Base64.getDecoder().decode(key.path("key").asString())).hasSize(32);
            secrets.add(key.path("key").asString());
        }
        assertThat(document.propertyNames()).containsExactly("keys");
        assertThat(secrets).hasSize(2).contains(first);
        assertThat(key(0)).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.cookieRing())))
                .isEqualTo("rw-------");
    }

    @Test
    void writesTheReasonDownAndNoKey() throws IOException {
        ring().add().save(folder, Instant.EPOCH, "once a\nyear");

        assertThat(folder.cookieRingLog()).hasContent("1970-01-01T00:00:00Z [c2: new -> open-only] once a year\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.cookieRingLog())))
                .isEqualTo("rw-------");
        assertThat(ring().toString())
                .isEqualTo("[c1 (sealing), c2 (open-only)]")
                .doesNotContain(key(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense SECRET",
                "{\"keys\":[]}",
                "{\"keys\":[{\"id\":\"c1\",\"state\":\"open-only\",\"key\":\"SECRET\"}]}",
                "{\"keys\":[{\"id\":\"c1\",\"state\":\"burning\",\"key\":\"SECRET\"}]}"
            })
    void leavesAFileAloneThatIsNoRing(String content) throws IOException {
        Files.writeString(folder.cookieRing(), content);

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(this::ring)
                .withMessageContaining("is no cookie ring")
                .withMessageNotContaining("SECRET")
                .withNoCause();
    }

    @Test
    void saysThatTheStackHasNoRingYet() throws IOException {
        Files.delete(folder.cookieRing());

        refused(this::ring);
    }

    private CookieRing ring() {
        return CookieRing.load(folder);
    }

    private void save(Changed changed) {
        changed.save(folder, Instant.EPOCH, "a test");
    }

    private String key(int index) throws IOException {
        return new JsonMapper()
                .readTree(Files.readString(folder.cookieRing()))
                .path("keys")
                .path(index)
                .path("key")
                .asString();
    }

    private void refused(Runnable order) {
        List<Entry> before = Files.exists(folder.cookieRing()) ? ring().entries() : List.of();
        assertThatExceptionOfType(StackException.class).isThrownBy(order::run);
        assertThat(Files.exists(folder.cookieRing()) ? ring().entries() : List.of())
                .isEqualTo(before);
    }
}
