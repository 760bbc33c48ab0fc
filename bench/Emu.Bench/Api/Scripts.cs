namespace Emu.Bench.Api;

/// <summary>The requests, as wrk's Lua scripts.</summary>
/// <param name="Retrieve">Retrieves a job, each time another.</param>
/// <param name="ListNewest">Lists the newest 20.</param>
/// <param name="ListAnywhere">Lists 20 after any job, in either order.</param>
/// <param name="ListHundred">Lists 100 after any job.</param>
/// <param name="Create">Creates a job.</param>
internal sealed record Scripts(string Retrieve, string ListNewest, string ListAnywhere, string ListHundred, string Create)
{
    private const string AnyId = """
        local ids = {}
        for id in io.lines(IDS) do ids[#ids + 1] = id end
        math.randomseed(7)
        local function any() return ids[math.random(#ids)] end

        """;

    /// <summary>Writes the scripts into a folder, with a file of the stored jobs' ids beside them.</summary>
    public static Scripts Write(string folder, IEnumerable<string> ids)
    {
        var list = Path.Combine(folder, "ids.txt");
        File.WriteAllLines(list, ids);
        var known = $"local IDS = [[{list}]]\n{AnyId}";
        return new Scripts(
            Script("retrieve", known + "request = function() return wrk.format('GET', '/v1/videos/' .. any()) end"),
            Script("newest", "request = function() return wrk.format('GET', '/v1/videos') end"),
            Script("anywhere", known + "request = function() return wrk.format('GET', '/v1/videos?limit=20&after=' .. any() .. (math.random(2) == 1 and '&order=asc' or '')) end"),
            Script("hundred", known + "request = function() return wrk.format('GET', '/v1/videos?limit=100&after=' .. any()) end"),
            Script("create", """
                local count = 0
                request = function()
                  count = count + 1
                  return wrk.format('POST', '/v1/videos', { ['Content-Type'] = 'application/json' }, '{"prompt": "a happy fox with ' .. count .. ' balloons", "seed": ' .. count .. '}')
                end
                """));

        string Script(string name, string text)
        {
            var path = Path.Combine(folder, name + ".lua");
            File.WriteAllText(path, text);
            return path;
        }
    }
}
