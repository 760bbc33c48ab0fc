using System.CommandLine;

namespace Emu.Local.CommandLine;

/// <summary>Rules for arguments that the parser does not have.</summary>
internal static class ArgumentRules
{
    /// <summary>Refuses what looks like an option: the parser would take a mistyped one for the argument.</summary>
    public static TArgument RefuseOptions<TArgument>(this TArgument argument)
        where TArgument : Argument
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value is ['-', not (>= '0' and <= '9' or ' '), ..])
                {
                    result.AddError($"'{token.Value}' is not an option of this command.");
                }
            }
        });
        return argument;
    }
}
