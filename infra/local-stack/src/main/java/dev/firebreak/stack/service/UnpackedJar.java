package dev.firebreak.stack.service;

import dev.firebreak.stack.layout.FileTree;
import dev.firebreak.stack.process.Processes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * A Spring Boot jar taken apart as {@code -Djarmode=tools extract} would: the JVM then loads classes itself, which starts
 * faster than jars within a jar, and a build that replaces the jar does not pull it from under a running service. Beside
 * the jar, in a folder named by the jar's content, made whole or not at all.
 */
final class UnpackedJar {
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String CLASSES = "BOOT-INF/classes/";
    private static final String INDEX = "BOOT-INF/classpath.idx";
    private static final String UNFINISHED = ".unpacking-";

    /** An older build's folder that no process uses is deleted after this; another launcher may be about to use it. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private UnpackedJar() {}

    /** Returns the jar to start. */
    static Path of(Path bootJar, InstantSource clock) {
        try {
            // A link to a jar shares what the jar was unpacked to.
            Path real = bootJar.toRealPath();
            Path base = real.resolveSibling("unpacked");
            try (JarFile jar = new JarFile(real.toFile())) {
                Path home = base.resolve(key(jar));
                if (!Files.isDirectory(home)) {
                    Files.createDirectories(base);
                    deleteUnused(base, clock.instant().minus(ABANDONED));
                    unpack(jar, home);
                }
                return home.resolve(real.getFileName());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + bootJar, e);
        }
    }

    /** Checksum over names and checksums of all entries: reading the directory of the jar is enough. */
    private static String key(JarFile jar) {
        CRC32 crc = new CRC32();
        jar.stream()
                .map(entry -> entry.getName() + " " + entry.getCrc() + "\n")
                .sorted()
                .forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
        return "%08x".formatted(crc.getValue());
    }

    private static void unpack(JarFile jar, Path home) throws IOException {
        Path unfinished = Files.createTempDirectory(home.resolveSibling("."), UNFINISHED);
        try {
            Files.createDirectory(unfinished.resolve("lib"));
            Path classes = unfinished.resolve(Path.of(jar.getName()).getFileName());
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(classes), 1 << 16);
                    JarOutputStream out = new JarOutputStream(file, manifest(jar))) {
                // Read once per start from the page cache: packing it again would only cost time.
                out.setLevel(Deflater.NO_COMPRESSION);
                for (JarEntry entry : jar.stream().toList()) {
                    copy(jar, entry, unfinished, out);
                }
            }
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException somebodyWasFaster) {
            FileTree.delete(unfinished);
        } catch (IOException e) {
            FileTree.delete(unfinished);
            throw e;
        }
    }

    private static void copy(JarFile jar, JarEntry entry, Path target, JarOutputStream classes) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            if (entry.getName().startsWith(LIBRARIES) && !entry.isDirectory()) {
                Files.copy(in, target.resolve("lib").resolve(libraryName(entry.getName())));
            } else if (entry.getName().startsWith(CLASSES) && !entry.getName().equals(CLASSES)) {
                // Folders too: component scanning asks the class loader for them.
                classes.putNextEntry(new ZipEntry(entry.getName().substring(CLASSES.length())));
                in.transferTo(classes);
                classes.closeEntry();
            }
        }
    }

    private static Path libraryName(String entry) throws IOException {
        Path name = Path.of(entry).getFileName();
        if (name == null || entry.contains("..")) {
            throw new IOException("the jar has an entry outside its folders: " + entry);
        }
        return name;
    }

    /** Starts the application's own class, with the libraries in the jar's order. */
    private static Manifest manifest(JarFile jar) throws IOException {
        Attributes boot = jar.getManifest().getMainAttributes();
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, boot.getValue("Start-Class"));
        attributes.put(Attributes.Name.CLASS_PATH, libraries(jar).stream().collect(Collectors.joining(" ")));
        for (Object name : List.of("Implementation-Title", "Implementation-Version", "Spring-Boot-Version")) {
            String value = boot.getValue(name.toString());
            if (value != null) {
                attributes.putValue(name.toString(), value);
            }
        }
        return manifest;
    }

    /** The index has lines like {@code - "BOOT-INF/lib/name.jar"}. */
    private static List<String> libraries(JarFile jar) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getJarEntry(INDEX))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(LIBRARIES))
                    .map(line -> "lib/"
                            + line.substring(line.indexOf(LIBRARIES) + LIBRARIES.length(), line.lastIndexOf('"')))
                    .toList();
        }
    }

    private static void deleteUnused(Path base, Instant before) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base)) {
            for (Path folder : folders) {
                boolean old = Files.getLastModifiedTime(folder).toInstant().isBefore(before);
                if (old && !Processes.mentions(folder.toString())) {
                    FileTree.delete(folder);
                }
            }
        }
    }
}
