package dev.firebreak.stack.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The state folder, {@code .firebreak}: every path in it, and its 0700 folders. */
public record StackFolder(Path root) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    public StackFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes the folders that are missing and closes those that others could read. */
    public void create() {
        try {
            for (Path folder : List.of(
                    root, secrets(), clientKeys(), clients(), config(), stateRoot(), logs(), run(), dataRoot())) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, OWNER_ONLY);
            }
        } catch (IOException e) {
            throw unwritable(root, e);
        }
    }

    static StackException unwritable(Path root, IOException e) {
        if (FullDisk.caused(e)) {
            return FullDisk.at(root, e);
        }
        return new StackException(
                "cannot write to " + root + ": " + e, "make the folder writable for this user, then run it again", e);
    }

    /** Passwords, keys and the like; every file in it is 0600. */
    public Path secrets() {
        return root.resolve("secrets");
    }

    /** Password of one database role. */
    public Path password(String role) {
        return secrets().resolve("pg-" + role + ".password");
    }

    /** Key-encryption key of the authorization server. */
    public Path wrappingKey() {
        return secrets().resolve("kek.key");
    }

    /** Keys that seal the gateway's session cookie. */
    public Path cookieRing() {
        return secrets().resolve("cookie-ring.json");
    }

    /** Who changed the cookie ring, when and why: the gateway's own file has no room for it. */
    public Path cookieRingLog() {
        return logs().resolve("cookie-ring.log");
    }

    public Path clientKeys() {
        return secrets().resolve("clients");
    }

    /** Private key of one client. */
    public Path clientKey(String clientId) {
        return clientKeys().resolve(clientId + ".jwk");
    }

    /** Registrations with the public halves, read by the authorization server. */
    public Path clients() {
        return root.resolve("clients.d");
    }

    public Path config() {
        return root.resolve("config");
    }

    public Path config(Part part) {
        return config().resolve(part.id() + ".yaml");
    }

    /** Settings of a service's migrate step: the only ones that name the migration role's password. */
    public Path migrationConfig(Part part) {
        return config().resolve(part.id() + "-migrate.yaml");
    }

    private Path stateRoot() {
        return root.resolve("state");
    }

    /** What one node keeps between starts, for instance its copy of the trust snapshot. */
    public Path state(Part part) {
        return stateRoot().resolve(part.id());
    }

    /** What the command line keeps: the tokens of {@code login}. */
    public Path cliState() {
        return stateRoot().resolve("cli");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path log(Part part) {
        return logs().resolve(part.id() + ".log");
    }

    /** Log of a part's migrate step. */
    public Path migrationLog(Part part) {
        return logs().resolve(part.id() + "-migrate.log");
    }

    public Path run() {
        return root.resolve("run");
    }

    /** Who this part is at the moment: pid, start instant, port. */
    public Path run(Part part) {
        return run().resolve(part.id() + ".json");
    }

    /** Held while a stack of this folder starts or stops. */
    public Path lock() {
        return run().resolve("stack.lock");
    }

    /** The launcher that is at work or waits in the foreground. */
    public Path launcher() {
        return run().resolve("launcher.json");
    }

    /** Ports of the stack that was started last. */
    public Path stack() {
        return run().resolve("stack.json");
    }

    private Path dataRoot() {
        return root.resolve("data");
    }

    /** Data directory of a cluster. */
    public Path data(Part part) {
        return dataRoot().resolve(part.id());
    }

    /** Everything that {@code --fresh} wipes: data, keys and settings. Logs stay, and so does {@link #run()}, whose lock the caller holds. */
    public void wipe() {
        for (Path path : List.of(secrets(), clients(), config(), stateRoot(), dataRoot())) {
            FileTree.delete(path);
        }
    }
}
