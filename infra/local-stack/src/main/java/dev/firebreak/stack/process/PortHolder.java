package dev.firebreak.stack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who listens on a port of this machine, as far as {@code /proc} tells this user. */
public record PortHolder(long pid, String command) {
    private static final String LISTEN = "0A";
    private static final int LONGEST_COMMAND = 60;
    private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");

    /**
     * Whether a service could listen on it now, and would be the one that answers: {@code localhost} means {@code [::1]}
     * to many clients, so a stranger there would get our users' passwords.
     */
    public static boolean isFree(int port) {
        return LOOPBACKS.stream()
                .map(PortHolder::address)
                .filter(PortHolder::exists)
                .allMatch(loopback -> isFree(loopback, port));
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As Tomcat, Netty and PostgreSQL do: connections of an earlier run that linger do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(literal + " needs no look-up", e);
        }
    }

    /** A machine may have no IPv6. */
    private static boolean exists(InetAddress loopback) {
        try {
            return loopback instanceof Inet4Address || NetworkInterface.getByInetAddress(loopback) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Empty when nobody listens, or the holder belongs to a user whose processes we may not look into. */
    public static Optional<PortHolder> find(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            sockets.addAll(listeners(Path.of(table), port));
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        return Processes.pids().stream()
                .filter(pid -> holdsAny(pid, sockets))
                .map(pid -> new PortHolder(pid, brief(Processes.commandLine(pid))))
                .findFirst();
    }

    /** Lines look like {@code sl local_address rem_address st … inode}; addresses and ports are hexadecimal. */
    private static Set<String> listeners(Path table, int port) {
        Set<String> sockets = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table)) {
                String[] field = line.strip().split("\\s+");
                if (field.length > 9 && field[3].equals(LISTEN) && field[1].endsWith(":%04X".formatted(port))) {
                    sockets.add("socket:[" + field[9] + "]");
                }
            }
        } catch (IOException unreadable) {
            return Set.of();
        }
        return sockets;
    }

    private static boolean holdsAny(long pid, Set<String> sockets) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return descriptors.anyMatch(descriptor -> sockets.contains(target(descriptor)));
        } catch (IOException | UncheckedIOException goneOrNotOurs) {
            return false;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static String brief(List<String> command) {
        String line = String.join(" ", command);
        return line.length() > LONGEST_COMMAND ? line.substring(0, LONGEST_COMMAND) + "…" : line;
    }
}
