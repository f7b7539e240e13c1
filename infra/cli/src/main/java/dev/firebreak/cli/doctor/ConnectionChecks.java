package dev.firebreak.cli.doctor;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.contracts.capacity.ServerLimits;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.config.PartConfig;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether each cluster grants what the nodes of its service may open: the same sum that the service itself does. */
record ConnectionChecks(Stack stack) {
    List<Check> run() {
        return Stream.of(Part.AUTH_SERVER, Part.TASK_SERVICE).map(this::check).toList();
    }

    private Check check(Part service) {
        Part cluster = PartConfig.migratedCluster(service).orElseThrow();
        String name = cluster.id();
        Optional<ConnectionBudget> budget = new PartConfig(stack.folder(), stack.ports()).budget(service);
        if (budget.isEmpty() || !stack.runs(cluster)) {
            return Check.ok(name, "does not run: connections not counted");
        }
        try {
            return judge(name, budget.get(), stack.limits(cluster));
        } catch (StackException e) {
            return Check.warn(name, e.problem(), e.advice());
        }
    }

    static Check judge(String name, ConnectionBudget budget, ServerLimits server) {
        String limit = server.isLimited() ? Integer.toString(server.roleLimit()) : "unlimited";
        return budget.shortage(server)
                .map(sentence -> Check.fail(name, sentence, "docs/configuration.md, \"Room for the pools\""))
                .orElseGet(() -> Check.ok(
                        name,
                        "connections: " + budget.sum() + ", " + server.role() + " has " + limit + "; "
                                + budget.serverSum(server) + ", max_connections " + server.maxConnections()));
    }
}
