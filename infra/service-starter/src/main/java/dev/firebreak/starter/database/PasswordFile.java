package dev.firebreak.starter.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A password that lives in a file, so that it is in no argument list, environment or log, and may hold any character. */
public record PasswordFile(Path path) {
    /** Reads the first line; each new connection does, so that a changed password needs no restart. */
    public String read() throws IOException {
        String content = Files.readString(path);
        int end = content.indexOf('\n');
        String line = end < 0 ? content : content.substring(0, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
