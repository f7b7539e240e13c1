package dev.firebreak.gateway.seal;

import static dev.firebreak.gateway.seal.RingTest.ring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.platform.PublicOrigin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    static final PublicOrigin ORIGIN = new PublicOrigin("http://localhost:8080", false, 8080);
    static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    Path file;
    RingFile ringFile;
    Seal seal;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("ring.json");
        write(RingTest.entry("c1", "sealing"));
        ringFile = new RingFile(file, metrics);
        seal = new Seal(ringFile, ORIGIN, new SecureRandom());
    }

    void write(String... entries) throws IOException {
        Files.writeString(file, ring(entries));
    }

    @Test
    void opensWhatItSealed() {
        String value = seal.seal("cookie", CONTENT);

        assertThat(value).matches("v1\\.c1\\.[A-Za-z0-9_-]+");
        assertThat(seal.open("cookie", value))
                .isInstanceOfSatisfying(
                        Opened.Content.class,
                        opened -> assertThat(opened.bytes()).isEqualTo(CONTENT));
    }

    @Test
    void neverSealsTwiceTheSame() {
        assertThat(seal.seal("cookie", CONTENT)).isNotEqualTo(seal.seal("cookie", CONTENT));
    }

    @Test
    void bindsAValueToItsCookieName() {
        assertThat(seal.open("other", seal.seal("cookie", CONTENT))).isEqualTo(new Opened.Invalid("altered"));
    }

    @Test
    void bindsAValueToItsOrigin() {
        Seal elsewhere = new Seal(ringFile, new PublicOrigin("https://other.example", true, 443), new SecureRandom());

        assertThat(elsewhere.open("cookie", seal.seal("cookie", CONTENT))).isEqualTo(new Opened.Invalid("altered"));
    }

    @Test
    void bindsAValueToItsKeyId() throws IOException {
        // given: two ids with the same secret
        write(RingTest.entry("c1", "open-only"), RingTest.entry("c2", "sealing"));
        ringFile.reload();

        // when
        String relabelled = seal.seal("cookie", CONTENT).replace("v1.c2.", "v1.c1.");

        // then
        assertThat(seal.open("cookie", relabelled)).isEqualTo(new Opened.Invalid("altered"));
    }

    @Test
    void noticesEveryFlippedBit() {
        String value = seal.seal("cookie", CONTENT);
        String head = "v1.c1.";
        byte[] payload = Base64.getUrlDecoder().decode(value.substring(head.length()));

        for (int bit = 0; bit < payload.length * 8; bit++) {
            byte[] altered = payload.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            String text = head + Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
            assertThat(seal.open("cookie", text)).as("bit %d", bit).isEqualTo(new Opened.Invalid("altered"));
        }
    }

    @Test
    void callsGarbageInvalid() {
        for (String garbage : new String[] {
            "",
            ".",
            "..",
            "v1",
            "v1.c1",
            "v1.c1.",
            "v1.c1.%%%",
            "v1.c1.AAAA",
            "x.c1.AAAA",
            "v1.c1.a.b",
            "a".repeat(9000)
        }) {
            assertThat(seal.open("cookie", garbage)).as(garbage).isInstanceOf(Opened.Invalid.class);
        }
    }

    @Test
    void provesNothingAboutKeysAndFormatsItDoesNotKnow() {
        assertThat(seal.open("cookie", "v1.c9.AAAA")).isEqualTo(new Opened.KeyUnknown("c9"));
        assertThat(seal.open("cookie", "v2.c1.AAAA")).isEqualTo(new Opened.KeyUnknown("v2"));
    }

    @Test
    void opensUnderAnOpenOnlyKeyAndSealsUnderTheNewOne() throws IOException {
        String old = seal.seal("cookie", CONTENT);

        write(RingTest.entry("c1", "open-only"), RingTest.entry("c2", "sealing"));
        ringFile.reload();

        assertThat(seal.open("cookie", old)).isInstanceOf(Opened.Content.class);
        assertThat(seal.seal("cookie", CONTENT)).startsWith("v1.c2.");
    }

    @Test
    void callsValuesUnderARetiredKeyInvalid() throws IOException {
        String old = seal.seal("cookie", CONTENT);

        write(RingTest.entry("c1", "retired"), RingTest.entry("c2", "sealing"));
        ringFile.reload();

        assertThat(seal.open("cookie", old)).isEqualTo(new Opened.Invalid("sealed with a retired key"));
    }

    @Test
    void keepsTheLastGoodRingWhileTheFileIsBroken() throws IOException {
        String value = seal.seal("cookie", CONTENT);

        Files.writeString(file, "{");
        ringFile.reload();
        assertThat(seal.open("cookie", value)).isInstanceOf(Opened.Content.class);
        assertThat(readable()).isZero();

        Files.delete(file);
        ringFile.reload();
        assertThat(seal.open("cookie", value)).isInstanceOf(Opened.Content.class);

        write(RingTest.entry("c1", "sealing"));
        ringFile.reload();
        assertThat(readable()).isOne();
    }

    @Test
    void reportsWhichKeysItHolds() throws IOException {
        write(RingTest.entry("c1", "open-only"), RingTest.entry("c2", "sealing"));
        ringFile.reload();

        assertThat(metrics.find("gateway.cookie.ring.key").gauges())
                .extracting(gauge ->
                        gauge.getId().getTag("key_id") + " " + gauge.getId().getTag("state"))
                .containsExactlyInAnyOrder("c1 open-only", "c2 sealing");
    }

    @Test
    void readsAChangedFileByItself() throws Exception {
        ringFile.start();
        try {
            write(RingTest.entry("c1", "open-only"), RingTest.entry("c2", "sealing"));

            dev.firebreak.gateway.Eventually.holds(
                    "the new key seals", () -> seal.seal("cookie", CONTENT).startsWith("v1.c2."));
        } finally {
            ringFile.stop();
        }
    }

    double readable() {
        return metrics.get("gateway.cookie.ring.readable").gauge().value();
    }
}
