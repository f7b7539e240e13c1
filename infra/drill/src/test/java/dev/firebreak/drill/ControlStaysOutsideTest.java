package dev.firebreak.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The control is on no service's class path, and nothing about a service's authentication hangs on a profile. */
class ControlStaysOutsideTest {
    private static final String CONTROL = "firebreak-drill-control";
    private static final List<String> SERVICES = List.of("auth-server", "gateway", "task-service");

    private final Path project = projectRoot();

    @Test
    void onlyTheDrillKnowsTheControlAndOnlyForTheOrderOfTheBuild() throws Exception {
        int found = 0;
        for (Path pom : poms()) {
            NodeList dependencies = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                if (text(dependency, "artifactId").equals(CONTROL)) {
                    found++;
                    assertThat(project.relativize(pom)).hasToString("infra/drill/pom.xml");
                    assertThat(text(dependency, "type")).isEqualTo("pom");
                    assertThat(text(dependency, "scope")).isEqualTo("test");
                }
            }
        }
        assertThat(found).isEqualTo(1);
    }

    @Test
    void noServiceHasSettingsOrCodeForOneProfileOnly() throws IOException {
        for (String module : Stream.concat(SERVICES.stream(), Stream.of("infra/service-starter"))
                .toList()) {
            try (Stream<Path> files = Files.walk(project.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    assertThat(name).doesNotMatch("application-.*\\.(ya?ml|properties)");
                    if (name.endsWith(".java")) {
                        assertThat(Files.readString(file))
                                .as(file.toString())
                                .doesNotContain("@Profile(", "acceptsProfiles", "dev.firebreak.control");
                    } else if (name.matches("application.*\\.(ya?ml|properties)")) {
                        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("on-profile");
                    }
                }
            }
        }
    }

    @Test
    void theControlUsesNothingOfFirebreak() throws IOException {
        try (Stream<Path> files = Files.walk(project.resolve("infra/drill-control/src/main"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                assertThat(Files.readString(file).lines().filter(line -> line.startsWith("import dev.firebreak.")))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    private List<Path> poms() throws IOException {
        try (Stream<Path> files = Files.walk(project, 3)) {
            return files.filter(path -> path.endsWith("pom.xml")).toList();
        }
    }

    private static String text(Element dependency, String name) {
        NodeList nodes = dependency.getElementsByTagName(name);
        return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent().strip();
    }

    private static Path projectRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("infra/drill"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
