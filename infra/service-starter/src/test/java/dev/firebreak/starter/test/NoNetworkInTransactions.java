package dev.firebreak.starter.test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * No transaction spans a network call: while one waits, a connection is held that others wait for. Follows each
 * transactional method through the classes that are checked, as far as their calls can be read from the byte code.
 */
public final class NoNetworkInTransactions extends ArchCondition<JavaMethod> {
    private static final List<String> NETWORK =
            List.of("java.net", "org.springframework.web.client", "org.springframework.web.reactive", "reactor.netty");

    /** Values that only name an address. */
    private static final Set<String> NO_CALLS = Set.of("java.net.URI", "java.net.URLEncoder", "java.net.URLDecoder");

    private NoNetworkInTransactions() {
        super("reach no network");
    }

    public static void check(JavaClasses classes) {
        methods()
                .that(describe("are transactional", NoNetworkInTransactions::isTransactional))
                .should(new NoNetworkInTransactions())
                .check(classes);
    }

    private static boolean isTransactional(JavaMethod method) {
        return method.isAnnotatedWith(Transactional.class)
                || method.getOwner().isAnnotatedWith(Transactional.class)
                // The work stands in a lambda, whose calls the byte code's reader gives to the method around it.
                || method.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isAssignableTo(TransactionOperations.class));
    }

    @Override
    public void check(JavaMethod transactional, ConditionEvents events) {
        Set<JavaMethod> seen = new HashSet<>(Set.of(transactional));
        Deque<JavaMethod> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            for (JavaMethodCall call : next.remove().getMethodCallsFromSelf()) {
                if (isNetwork(call.getTargetOwner())) {
                    events.add(SimpleConditionEvent.violated(
                            transactional,
                            transactional.getFullName() + " reaches the network: " + call.getDescription()));
                }
                call.getTarget().resolveMember().filter(seen::add).ifPresent(next::add);
            }
        }
    }

    private static boolean isNetwork(JavaClass owner) {
        boolean client = owner.getSimpleName().endsWith("Client") && !owner.isEquivalentTo(JdbcClient.class);
        return client
                || NETWORK.stream().anyMatch(name -> (owner.getPackageName() + ".").startsWith(name + "."))
                        && !NO_CALLS.contains(owner.getName());
    }
}
