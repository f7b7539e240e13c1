package dev.firebreak.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A reactor whose three jars hold {@link FakeService} in the shape of Spring Boot's. */
final class FakeProject {
    private FakeProject() {}

    static Path create(Path root) throws IOException {
        for (String module : List.of("auth-server", "task-service", "gateway")) {
            Path target = Files.createDirectories(root.resolve(module).resolve("target"));
            writeJar(target.resolve(module + ".jar"), FakeService.class);
        }
        return root;
    }

    static void writeJar(Path file, Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Start-Class", main.getName());
        String classFile = main.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = main.getClassLoader().getResourceAsStream(classFile)) {
            add(jar, "BOOT-INF/classpath.idx", "- \"BOOT-INF/lib/first.jar\"\n- \"BOOT-INF/lib/second.jar\"\n");
            add(jar, "BOOT-INF/lib/second.jar", "not read");
            add(jar, "BOOT-INF/lib/first.jar", "not read");
            for (String folder :
                    List.of("BOOT-INF/classes/", "BOOT-INF/classes/dev/", "BOOT-INF/classes/dev/firebreak/")) {
                jar.putNextEntry(new ZipEntry(folder));
            }
            jar.putNextEntry(new ZipEntry("BOOT-INF/classes/" + classFile));
            code.transferTo(jar);
        }
    }

    private static void add(JarOutputStream jar, String name, String content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content.getBytes(StandardCharsets.UTF_8));
    }
}
