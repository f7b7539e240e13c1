package dev.firebreak.system.clock;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The test's hand on the clock of a whole stack: {@link #advance} moves every process that runs with {@link #jvmOption}. */
public final class TestClock implements InstantSource {
    private final Path agent;
    private final Path offsetFile;
    private final ByteBuffer offset;

    /** Writes the agent's jar and the offset file into the folder. */
    public TestClock(Path folder) {
        try {
            agent = folder.resolve("clock-agent.jar");
            offsetFile = folder.resolve("clock-offset");
            writeAgent(agent);
            offset = ShiftedClock.map(offsetFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a JVM needs on its command line to follow this clock. */
    public String jvmOption() {
        return "-javaagent:" + agent + "=" + offsetFile;
    }

    /** The time as the stack sees it. */
    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(ahead());
    }

    /** How far the stack is ahead of the real clock. */
    public Duration ahead() {
        return Duration.ofSeconds(ShiftedClock.read(offset));
    }

    /** Moves the stack on by whole seconds; time never goes back. */
    public synchronized void advance(Duration by) {
        if (by.isNegative() || by.toNanosPart() != 0) {
            throw new IllegalArgumentException("cannot advance by " + by);
        }
        ShiftedClock.write(offset, ahead().plus(by).toSeconds());
    }

    private static void writeAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", ClockAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        // Clock belongs to java.base, which finds only what the boot loader finds.
        attributes.putValue("Boot-Class-Path", jar.getFileName().toString());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> type : List.of(ClockAgent.class, ClockAgent.Rewriter.class, ShiftedClock.class)) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes = TestClock.class.getClassLoader().getResourceAsStream(entry)) {
                    bytes.transferTo(out);
                }
            }
        }
    }
}
