import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One node of OpenSearch, with the plugins on the class path instead of in a folder of their own.
 * Its arguments are its home, whose config/opensearch.yml holds the settings, and, if it is to end
 * with another process, the id of that process.
 */
final class TestNode extends Node {
    private TestNode(Environment environment) {
        super(environment, plugins(), true);
    }

    private static List<PluginInfo> plugins() {
        List<PluginInfo> plugins = new ArrayList<>();
        for (Class<?> plugin : List.of(
                Netty4ModulePlugin.class, CommonAnalysisModulePlugin.class, PainlessModulePlugin.class)) {
            plugins.add(new PluginInfo(
                    plugin.getName(), "on the class path", "none", Version.CURRENT, "21",
                    plugin.getName(), null, List.of(), false));
        }
        return plugins;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Settings settings = Settings.builder().put("path.home", home).build();
        TestNode node = new TestNode(InternalSettingsPreparer.prepareEnvironment(
                settings, Map.of(), home.resolve("config"), () -> home.getFileName().toString()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(15, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                e.printStackTrace();
            }
        }));
        if (arguments.length > 1) {
            ProcessHandle.of(Long.parseLong(arguments[1])).ifPresentOrElse(
                    other -> other.onExit().thenRun(() -> System.exit(0)), () -> System.exit(0));
        }
        node.start();
        new CountDownLatch(1).await(); // its own threads keep no process alive
    }
}
