package dev.firebreak.stack.layout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Every port of one stack, all on 127.0.0.1. */
public record Ports(
        int gateway,
        int gatewayManagement,
        int auth,
        int authInternal,
        int authManagement,
        int tasks,
        int tasksManagement,
        int authDb,
        int tasksDb) {

    private static final int COUNT = 9;

    /** Below Linux's range for outgoing connections (32768 on), so that no passing client sits on a chosen port. */
    private static final int FREE_FROM = 20_000;

    private static final int FREE_TO = 32_000;

    public Ports {
        List<Integer> all = List.of(
                gateway,
                gatewayManagement,
                auth,
                authInternal,
                authManagement,
                tasks,
                tasksManagement,
                authDb,
                tasksDb);
        for (int port : all) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
            }
        }
        if (new HashSet<>(all).size() != all.size()) {
            throw new IllegalArgumentException("two parts would share a port: " + all);
        }
    }

    /** The ports of contracts, "Local ports and URLs". */
    public static Ports defaults() {
        return new Ports(8080, 8081, 9000, 9002, 9001, 9100, 9101, 5442, 5443);
    }

    /** The same with the gateway elsewhere; its management port is the next one. */
    public Ports withGateway(int port) {
        return new Ports(port, port + 1, auth, authInternal, authManagement, tasks, tasksManagement, authDb, tasksDb);
    }

    /** Ports that nobody listened on a moment ago, for tests that run beside other stacks. */
    public static Ports free(RandomGenerator random) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            while (held.size() < COUNT) {
                ServerSocket socket = new ServerSocket();
                try {
                    socket.bind(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), random.nextInt(FREE_FROM, FREE_TO)));
                    held.add(socket);
                } catch (IOException taken) {
                    socket.close();
                }
            }
            return of(held.stream().map(ServerSocket::getLocalPort).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            held.forEach(Ports::release);
        }
    }

    /** Nine ports in this record's order, for instance {@code 8080,8081,9000,…}. */
    public static Ports parse(String commaSeparated) {
        return of(Arrays.stream(commaSeparated.split(","))
                .map(String::strip)
                .map(Integer::valueOf)
                .toList());
    }

    private static Ports of(List<Integer> p) {
        if (p.size() != COUNT) {
            throw new IllegalArgumentException(COUNT + " ports are needed, not " + p.size());
        }
        return new Ports(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), p.get(5), p.get(6), p.get(7), p.get(8));
    }

    /** The port that a part is known by. */
    public int of(Part part) {
        return switch (part) {
            case AUTH_DB -> authDb;
            case TASKS_DB -> tasksDb;
            case AUTH_SERVER -> auth;
            case TASK_SERVICE -> tasks;
            case GATEWAY -> gateway;
        };
    }

    /** Every port that a part opens, with what it is for. */
    public Map<String, Integer> opened(Part part) {
        Map<String, Integer> opened = new LinkedHashMap<>();
        opened.put("main", of(part));
        switch (part) {
            case AUTH_DB, TASKS_DB -> {}
            case AUTH_SERVER -> {
                opened.put("internal", authInternal);
                opened.put("management", authManagement);
            }
            case TASK_SERVICE -> opened.put("management", tasksManagement);
            case GATEWAY -> opened.put("management", gatewayManagement);
        }
        return opened;
    }

    /** Where browsers and API clients come in: {@code localhost}, because cookies and passkeys know that name. */
    public String publicOrigin() {
        return "http://localhost:" + gateway;
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
