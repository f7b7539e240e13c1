package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Verdict;
import dev.firebreak.drill.site.Subject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code infra/benchmarks/sizing.json}: the load that "the sizing guide's load" means, as the last run found it. */
public final class Sizing {
    private static final JsonMapper JSON = new JsonMapper();

    private Sizing() {}

    /** Empty when no valid overload run is among the results. */
    public static Optional<String> of(List<Result> results, Machine machine) {
        return results.stream()
                .filter(result ->
                        !result.isControl() && !result.curve().isEmpty() && result.verdict() != Verdict.INVALID)
                .findFirst()
                .map(result -> text(result, machine));
    }

    private static String text(Result result, Machine machine) {
        ObjectNode root = JSON.createObjectNode();
        root.put("what", "task API through the gateway, 92 % reads, 4 % writes, 4 % page loads; 15 ms a statement");
        root.put("verdict", result.verdict().word());
        root.put("reason", result.reason());
        root.put("pool_size", Subject.POOL_SIZE);
        root.put("database_ms", 15);
        root.put("peak_rps", Math.round(result.peak()));
        Point usual = result.curve().getFirst();
        root.put("load_rps", Math.round(usual.offered()));
        root.put("load_p99_ms", Math.round(usual.p99()));
        root.put("load_pool_utilisation", Math.round(usual.utilisation() * 100) / 100.0);
        root.put("load_cpu", Math.round(usual.cpu() * 100) / 100.0);
        ObjectNode on = root.putObject("machine");
        on.put("cores", machine.cores());
        on.put("processor", machine.processor());
        on.put("memory_mib", machine.memoryMib());
        on.put("java", machine.java());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
