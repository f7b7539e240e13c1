package dev.firebreak.bench;

import java.util.Map;

/**
 * One thing to measure: a benchmark, and the parameters with which it runs.
 *
 * @param benchmark as JMH names it: class and method
 */
record Subject(String benchmark, Map<String, String> parameters) {
    Subject {
        parameters = Map.copyOf(parameters);
    }

    static Subject of(Class<?> type, String method) {
        return new Subject(type.getName() + "." + method, Map.of());
    }

    Subject with(String parameter, String value) {
        return new Subject(benchmark, Map.of(parameter, value));
    }
}
