package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point to is there: files, headings, and the types and tests that they name. */
class DocumentsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", ".firebreak");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    /** Two capitals at least, as in {@code TokenVerifier}; a member may follow. */
    private static final Pattern TYPE =
            Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:[.#][a-zA-Z]+)?(?:\\(\\))?`");

    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w+)");
    private static final Pattern IMPORTED = Pattern.compile("(?m)^import (?:static )?[\\w.]*?\\.([A-Z]\\w+)");

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        Set<String> broken = new TreeSet<>();
        for (Path page : pages()) {
            LINK.matcher(withoutCode(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("[a-z]+:.*") && !leadsSomewhere(page, link))
                    .forEach(link -> broken.add(ROOT.relativize(page) + ": " + link));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyNamedTypeAndTestExists() {
        Set<String> known = new TreeSet<>();
        for (Path source : files(".java")) {
            String text = read(source);
            Stream.of(DECLARED, IMPORTED)
                    .flatMap(pattern -> pattern.matcher(text).results())
                    .forEach(match -> known.add(match.group(1)));
        }
        Set<String> unknown = new TreeSet<>();
        for (Path page : pages()) {
            TYPE.matcher(withoutCode(page))
                    .results()
                    .map(type -> type.group(1))
                    .filter(type -> !known.contains(type))
                    .forEach(type -> unknown.add(ROOT.relativize(page) + ": " + type));
        }
        assertThat(unknown).isEmpty();
    }

    /** So that no other test passes because nothing was found. */
    @Test
    void thereIsSomethingToCheck() {
        assertThat(pages()).hasSizeGreaterThan(20).contains(ROOT.resolve("README.md"));
        assertThat(pages().stream()
                        .flatMap(page -> TYPE.matcher(withoutCode(page)).results()))
                .hasSizeGreaterThan(50);
    }

    private static boolean leadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target) || !target.startsWith(ROOT)) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    /** As the usual viewers make them: lower case, blanks to hyphens, no punctuation. */
    private static Set<String> anchors(Path page) {
        return HEADING.matcher(withoutCode(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .strip()
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String withoutCode(Path page) {
        return CODE_BLOCK.matcher(read(page)).replaceAll("");
    }

    private static List<Path> pages() {
        return files(".md");
    }

    private static List<Path> files(String ending) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
                    .filter(file -> Stream.iterate(file, at -> !at.equals(ROOT), Path::getParent)
                            .noneMatch(at -> NOT_OURS.contains(at.getFileName().toString())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
